import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { definePlugin } from '../../../src/index.ts'
import { defineProvider } from '../../../src/oauth/define-provider.ts'
import type { OneClientOptions } from '../../../src/oauth/options.ts'
import { fromIdToken } from '../../../src/oauth/profile-sources.ts'
import { createSigningKey } from '../../oauth/signing-key.ts'

/** Somebody who has a login at the provider. */
export interface Person {
  sub: string
  name?: string
  email?: string | null
  email_verified?: boolean
  picture?: string
}

export const ada: Person = { sub: 'ada-1', name: 'Ada', email: 'ada@example.com', email_verified: true }

/** An OpenID provider of this machine that does whatever a test wants it to, also what none should. */
export interface LocalProvider {
  origin: string
  /** Who signs in next. */
  person: Person
  /** Changes the claims of the next id tokens. */
  claims: Record<string, unknown>
  /** Changes the header of the next id tokens, or signs with another key. */
  sign: { alg?: string; kid?: string; published?: readonly string[] }
  /** What a refresh answers; default new tokens each time. */
  refresh?: () => { status?: number; json: object }
  /** Seconds for which access tokens are good. */
  expiresIn: number
  /** Waits so many milliseconds before it answers. */
  delay: number
  /** Codes that are still good, by what they were asked for with. */
  codes: Map<string, { nonce: string | null; challenge: string | null; redirectURI: string | null }>
  /** How often tokens were given for a refresh token. */
  refreshes: number
  /** Plays the user who agrees: where the browser goes from the authorization address. */
  agree(authorizationURL: string, more?: Record<string, string>): string
}

/** Starts one, until the test ends. */
export async function startLocalProvider(): Promise<LocalProvider> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', async () => {
      await new Promise(resolve => setTimeout(resolve, local.delay))
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
      const { status = 200, json } = await answer(local, req.url ?? '', form)
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>(resolve => server.close(() => resolve()))
  })
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const local: LocalProvider = {
    origin,
    person: ada,
    claims: {},
    sign: {},
    expiresIn: 3600,
    delay: 0,
    codes: new Map(),
    refreshes: 0,
    agree: (authorizationURL, more = {}) => {
      const { searchParams } = new URL(authorizationURL)
      const code = `code-${local.codes.size}-${Math.random().toString(36).slice(2)}`
      const redirectURI = searchParams.get('redirect_uri')
      const challenge = searchParams.get('code_challenge')
      local.codes.set(code, { nonce: searchParams.get('nonce'), challenge, redirectURI })
      return `${redirectURI}?${new URLSearchParams({ code, state: searchParams.get('state') ?? '', ...more })}`
    },
  }
  return local
}

type Answer = { status?: number; json: object }

async function answer(local: LocalProvider, path: string, form: URLSearchParams): Promise<Answer> {
  if (path === '/keys') return { json: { keys: await publishedKeys(local) } }
  if (path === '/userinfo') return { json: local.person }
  if (path !== '/token') return { status: 404, json: {} }
  if (form.get('grant_type') === 'refresh_token') return refresh(local)
  const code = form.get('code') ?? ''
  const asked = local.codes.get(code)
  local.codes.delete(code)
  const isSame = asked?.redirectURI === form.get('redirect_uri')
  if (!asked || !isSame || !(await verifies(asked.challenge, form.get('code_verifier')))) {
    return { status: 400, json: { error: 'invalid_grant' } }
  }
  return { json: { ...tokens(local, 0), id_token: await idTokenOf(local, asked.nonce), scope: 'openid email' } }
}

function refresh(local: LocalProvider): Answer {
  local.refreshes += 1
  return local.refresh?.() ?? { json: tokens(local, local.refreshes) }
}

function tokens({ expiresIn }: LocalProvider, count: number) {
  return {
    access_token: `access-${count}`,
    refresh_token: `refresh-${count}`,
    token_type: 'Bearer',
    expires_in: expiresIn,
  }
}

async function verifies(challenge: string | null, verifier: string | null): Promise<boolean> {
  if (!challenge) return true
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier ?? ''))
  return Buffer.from(digest).toString('base64url') === challenge
}

async function publishedKeys({ sign }: LocalProvider) {
  return Promise.all((sign.published ?? [sign.kid ?? 'first']).map(async kid => (await createSigningKey(kid)).jwk))
}

/** An id token of the person who signs in, as `local.claims` and `local.sign` have it. */
export async function idTokenOf(local: LocalProvider, nonce: string | null): Promise<string> {
  const { person, claims, sign, origin } = local
  const seconds = Math.floor(Date.now() / 1000)
  const all = { iss: origin, aud: 'local-client', iat: seconds, exp: seconds + 600, nonce, ...person, ...claims }
  if (sign.alg === 'none') {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part({ alg: 'none', typ: 'JWT' })}.${part(all)}.`
  }
  return (await createSigningKey(sign.kid ?? 'first')).sign(all as never)
}

export interface LocalOptions extends OneClientOptions {
  origin: string
}

/** The provider as a client of it sees it. */
export const localProvider = (id = 'local') =>
  defineProvider<LocalOptions>({
    id,
    name: 'Local',
    endpoints: ({ origin }) => ({ authorization: `${origin}/authorize`, token: `${origin}/token` }),
    scopes: ['openid', 'email'],
    pkce: true,
    authorization: { takes: ['loginHint', 'prompt'] },
    idToken: {
      issuers: ({ origin }) => [origin],
      keySet: ({ origin }) => `${origin}/keys`,
      sendsNonce: true,
      signsIn: true,
    },
    profile: fromIdToken(),
    user: ({ sub, name, email, email_verified, picture }) => ({
      id: sub,
      name,
      email,
      emailVerified: email_verified,
      image: picture,
    }),
  })

/** A plugin that adds it, under one or several ids. */
export function withLocal(
  local: LocalProvider,
  options: Partial<LocalOptions> = {},
  ids: readonly string[] = ['local'],
) {
  const given = { clientId: 'local-client', clientSecret: 'local-secret', origin: local.origin, ...options }
  // The provider signs with the time of the machine, whatever a test makes of the instance's.
  const surroundings = { now: () => new Date(), keyCooldownSeconds: 0 }
  return definePlugin({
    id: 'local-provider',
    oauthProviders: () => ids.map(id => localProvider(id)(given, surroundings)),
  })
}
