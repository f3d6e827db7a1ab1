import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** Somebody at the provider; what is said here is what it answers. */
export interface OAuthPerson {
  sub?: string
  name?: string
  email?: string
  email_verified?: boolean
  picture?: string
  /** Gives an id token, too, which repeats the nonce. */
  idToken?: { nonce: string | null }
  /** Is known, but has no profile. */
  hasNoProfile?: boolean
}

const keys = await generateKeyPair('ES256')
const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'wire', alg: 'ES256', use: 'sig' }

/** A code that stands for somebody: the provider keeps nothing, so both servers may use it. */
export function codeFor(person: OAuthPerson): string {
  return Buffer.from(JSON.stringify(person)).toString('hex')
}

function read(code: string | undefined): OAuthPerson | undefined {
  try {
    return JSON.parse(Buffer.from(code ?? '', 'hex').toString('utf8'))
  } catch {
    return undefined
  }
}

/**
 * A provider of OpenID Connect on this machine, for both servers of a comparison. The scopes that it grants say how it was
 * asked for tokens. Under `/guarded` its metadata needs the header `x-key`. It does not keep the process alive.
 */
export async function startOAuthProvider(): Promise<string> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', async () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
      const [status, body] = await answer(`http://${req.headers.host}`, req, form)
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

async function answer(origin: string, req: IncomingMessage, form: URLSearchParams): Promise<[number, object]> {
  const { url: path = '', headers } = req
  if (path.endsWith('/.well-known/openid-configuration')) {
    return path.startsWith('/guarded') && !headers['x-key'] ? [401, {}] : [200, metadata(origin)]
  }
  if (path === '/jwks') return [200, { keys: [jwk] }]
  if (path === '/userinfo') {
    const {
      idToken: _,
      hasNoProfile,
      ...person
    } = read(headers.authorization?.replace(/^Bearer (again-)*at-/, '')) ?? {}
    return person.sub && !hasNoProfile ? [200, person] : [401, { error: 'invalid_token' }]
  }
  return path === '/token' ? tokens(origin, headers, form) : [404, {}]
}

function metadata(origin: string) {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    userinfo_endpoint: `${origin}/userinfo`,
    jwks_uri: `${origin}/jwks`,
  }
}

async function tokens(
  origin: string,
  headers: IncomingMessage['headers'],
  form: URLSearchParams,
): Promise<[number, object]> {
  const isRefresh = form.get('grant_type') === 'refresh_token'
  const code = isRefresh ? form.get('refresh_token')?.replace('rt-', '') : form.get('code')
  const person = read(code ?? undefined)
  if (!person) return [400, { error: 'invalid_grant' }]
  const asked = [headers.authorization ? 'basic' : 'post', headers['x-extra'], form.get('extra')].filter(Boolean)
  const scope = [...asked, ...(form.has('code_verifier') ? ['pkce'] : [])].join(' ')
  const given = { access_token: `${isRefresh ? 'again-' : ''}at-${code}`, token_type: 'Bearer', scope }
  const idToken = person.idToken ? { id_token: await idTokenOf(origin, person) } : {}
  return [200, { ...given, ...idToken, refresh_token: `rt-${code}`, expires_in: 3600 }]
}

async function idTokenOf(origin: string, { idToken, hasNoProfile: _, ...claims }: OAuthPerson): Promise<string> {
  const nonce = idToken?.nonce ? { nonce: idToken.nonce } : {}
  return new SignJWT({ ...claims, ...nonce })
    .setProtectedHeader({ alg: 'ES256', kid: 'wire' })
    .setIssuer(origin)
    .setAudience('cid')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(keys.privateKey)
}
