import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createIdentityProvider } from '../../examples/demo/identity-provider/index.ts'

const redirectURI = 'http://localhost:3000/api/auth/oauth2/callback/local'
const client = { id: 'demo', secret: 'a secret of the demo', redirectURI }

async function start(): Promise<string> {
  const server = createServer((req, res) => void app.then(app => app(req, res)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const app = createIdentityProvider(issuer, client)
  return issuer
}

const codeVerifier = randomBytes(32).toString('base64url')

function request(changes: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({
    client_id: client.id,
    redirect_uri: redirectURI,
    response_type: 'code',
    scope: 'openid email',
    state: 'a "state" <of> the demo',
    nonce: 'once',
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  })
}

/** Where the browser is sent after the consent page. */
async function decide(issuer: string, changes: Record<string, string>): Promise<URL> {
  const body = request({ person: 'ada', decision: 'allow', ...changes })
  const answer = await fetch(`${issuer}/decide`, { method: 'POST', body, redirect: 'manual' })
  expect(answer.status).toBe(303)
  return new URL(answer.headers.get('location') ?? '')
}

async function exchange(issuer: string, code: string, changes: Record<string, string> = {}) {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectURI,
    client_id: client.id,
    client_secret: client.secret,
    code_verifier: codeVerifier,
    ...changes,
  })
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body })
  return { status: answer.status, json: (await answer.json()) as Record<string, string> }
}

describe('the identity provider of the demo', () => {
  it('signs id tokens that its published keys verify, and takes a code once', async () => {
    const issuer = await start()
    const { searchParams } = await decide(issuer, {})
    expect(searchParams.get('state')).toBe('a "state" <of> the demo')
    expect(searchParams.get('iss')).toBe(issuer)
    const code = searchParams.get('code') ?? ''
    const { json } = await exchange(issuer, code)
    const keys = createLocalJWKSet(await (await fetch(`${issuer}/keys`)).json())
    const { payload } = await jwtVerify(json.id_token ?? '', keys, { issuer, audience: client.id })
    expect(payload).toMatchObject({ sub: 'ada', nonce: 'once', email: 'ada@people.example', email_verified: true })
    expect(await exchange(issuer, code)).toEqual({ status: 400, json: { error: 'invalid_grant' } })
  })

  it.each<Record<string, string>>([
    { client_secret: 'another' },
    { client_id: 'another' },
    { redirect_uri: 'http://localhost:3000/elsewhere' },
    { code_verifier: 'x'.repeat(43) },
    { grant_type: 'refresh_token' },
  ])('gives no tokens for %o', async changes => {
    const issuer = await start()
    const code = (await decide(issuer, {})).searchParams.get('code') ?? ''
    expect((await exchange(issuer, code, changes)).status).toBe(400)
  })

  it.each<Record<string, string>>([
    { redirect_uri: 'http://evil.example/callback' },
    { client_id: 'another' },
    { response_type: 'token' },
    { code_challenge_method: 'plain' },
    { scope: 'email' },
    { state: '' },
  ])('sends nobody anywhere for a request with %o', async changes => {
    const issuer = await start()
    const query = request(changes)
    const asked = await fetch(`${issuer}/authorize?${query}`)
    expect(asked.status).toBe(400)
    query.set('decision', 'allow')
    query.set('person', 'ada')
    const decided = await fetch(`${issuer}/decide`, { method: 'POST', body: query, redirect: 'manual' })
    expect([decided.status, decided.headers.get('location')]).toEqual([400, null])
  })

  it('puts what the request brings into its pages as text, and forbids frames and scripts', async () => {
    const issuer = await start()
    const page = await fetch(`${issuer}/authorize?${request({ state: '"><script>alert(1)</script>' })}`)
    expect(await page.text()).not.toContain('<script')
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none';.* frame-ancestors 'none'/)
  })

  it('gives no code for somebody whom it does not know', async () => {
    const { searchParams } = await decide(await start(), { person: 'nobody' })
    expect([searchParams.get('error'), searchParams.get('code')]).toEqual(['access_denied', null])
  })
})
