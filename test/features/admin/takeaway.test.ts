import { describe, expect, it } from 'vitest'
import { apiKey } from '../../../routers/api-key/index.ts'
import { bearer } from '../../../routers/bearer/index.ts'
import { genericOAuth } from '../../../routers/generic-oauth/index.ts'
import { jwt } from '../../../routers/jwt/index.ts'
import { oneTimeToken } from '../../../routers/one-time-token/index.ts'
import { username } from '../../../routers/username/index.ts'
import { openOffice, password, told } from './office.ts'

const acme = {
  providerId: 'acme',
  clientId: 'id',
  clientSecret: 'secret',
  authorizationUrl: 'https://acme.example/authorize',
  tokenUrl: 'https://acme.example/token',
}

async function open() {
  const keys = apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } })
  const more = [bearer(), genericOAuth({ config: [acme] }), jwt(), keys, oneTimeToken(), username()]
  const office = await openOffice({}, { more })
  const [ada, ben] = [await office.join('ada', 'admin'), await office.join('ben')]
  const get = async (path: string, headers: Record<string, string>) => {
    const { baseURL } = office.auth.context.options
    return office.auth.handler(new Request(baseURL + path, { headers }))
  }
  const asBearer = async (token: unknown) => (await get('/get-session', { authorization: `Bearer ${token}` })).json()
  return { ...office, ada, ben, get, asBearer }
}

async function acting() {
  const office = await open()
  expect(told(await office.ada.post('/admin/impersonate-user', { userId: await office.id('ben') }))).toBe('200')
  return office
}

const tokensOf = (answer: { body: unknown }) => (answer.body as { token: string }[]).map(({ token }) => token)

describe('what somebody who acts in the name of a user does not take along [control 55]', () => {
  it("the tokens of the user's own sessions: each is worth more than the impersonation", async () => {
    const { ada, ben } = await acting()
    const own = (await ada.get('/get-session')).body.session?.token
    expect(tokensOf(await ada.get('/list-sessions'))).toEqual([own])
    expect(tokensOf(await ben.get('/list-sessions'))).toEqual([(await ben.get('/get-session')).body.session?.token])
  })

  it('another way to sign in, keys, and what providers have given the user', async () => {
    const { ada, ben } = await acting()
    const { body: key } = await ben.post('/api-key/create', { name: 'own' })
    const posts: [string, object][] = [
      ['/oauth2/link', { providerId: 'acme', callbackURL: '/' }],
      ['/api-key/create', { name: 'theirs' }],
      ['/api-key/update', { keyId: key.id, name: 'theirs' }],
      ['/api-key/delete', { keyId: key.id }],
      ['/get-access-token', { providerId: 'google' }],
      ['/refresh-token', { providerId: 'google' }],
      ['/update-user', { username: 'ada_was_here' }],
    ]
    for (const [path, body] of posts) {
      expect.soft([path, told(await ada.post(path, body))]).toEqual([path, '403 NOT_WHILE_IMPERSONATING'])
    }
    expect((await ben.get('/api-key/list')).body).toMatchObject({ apiKeys: [{ name: 'own' }], total: 1 })
    expect(told(await ben.post('/update-user', { username: 'ben_himself' }))).toBe('200')
    expect(told(await ben.post('/api-key/delete', { keyId: key.id }))).toBe('200')
  })

  it('a JWT, in which other services would see nobody but the user', async () => {
    const { ada, ben, get } = await acting()
    expect(told(await ada.get('/token'))).toBe('403 NOT_WHILE_IMPERSONATING')
    expect((await get('/get-session', { cookie: ada.cookieHeader() })).headers.has('set-auth-jwt')).toBe(false)
    expect(told(await ben.get('/token'))).toBe('200')
    expect((await get('/get-session', { cookie: ben.cookieHeader() })).headers.has('set-auth-jwt')).toBe(true)
  })

  it('more than the impersonation by way of a one-time token', async () => {
    const { ada, id, visit } = await acting()
    const elsewhere = visit()
    const { token } = (await ada.get('/one-time-token/generate')).body
    expect(told(await elsewhere.post('/one-time-token/verify', { token }))).toBe('200')
    const impersonatedBy = await id('ada')
    expect((await elsewhere.get('/get-session')).body).toMatchObject({ session: { impersonatedBy } })
    expect(tokensOf(await elsewhere.get('/list-sessions'))).toHaveLength(1)
    const later = (await ada.get('/one-time-token/generate')).body.token
    expect(told(await ada.post('/admin/stop-impersonating'))).toBe('200')
    expect((await elsewhere.get('/get-session')).text).toBe('null')
    expect(told(await visit().post('/one-time-token/verify', { token: later }))).toBe('400 SESSION_NOT_FOUND')
  })
})

describe("a user's sessions, as administrators see them [control 55]", () => {
  it('can be ended, and not be used', async () => {
    const { ada, ben, id, asBearer, auth } = await open()
    const own = String((await ben.get('/get-session')).body.session?.token)
    expect(await asBearer(own)).toMatchObject({ user: { name: 'ben' } })
    const listed = await ada.post('/admin/list-user-sessions', { userId: await id('ben') })
    expect(listed.text).not.toContain(own)
    const [session] = listed.body.sessions as unknown as { id: string; token: string }[]
    expect(session?.id).toBe((await ben.get('/get-session')).body.session?.id)
    expect(await asBearer(session?.token)).toBe(null)
    const cookie = `better-auth.session_token=${encodeURIComponent(String(session?.token))}`
    const answer = await auth.handler(
      new Request(`${auth.context.options.baseURL}/get-session`, { headers: { cookie } }),
    )
    expect(await answer.json()).toBe(null)
    expect(told(await ada.post('/admin/revoke-user-session', { sessionToken: session?.token }))).toBe('200')
    expect((await ben.get('/get-session')).text).toBe('null')
  })

  it('are ended by their own token, too', async () => {
    const { ada, ben } = await open()
    const sessionToken = (await ben.get('/get-session')).body.session?.token
    expect(told(await ada.post('/admin/revoke-user-session', { sessionToken }))).toBe('200')
    expect((await ben.get('/get-session')).text).toBe('null')
  })
})

describe("an administrator's API key [control 80]", () => {
  it('administers, and gives nobody a way to sign in or more power', async () => {
    const { ada, auth, id, signIn } = await open()
    const { key } = (await ada.post('/api-key/create', {})).body
    const post = async (path: string, body: object) => {
      const headers = {
        'x-api-key': String(key),
        'content-type': 'application/json',
        origin: auth.context.options.origin,
      }
      const url = auth.context.options.baseURL + path
      const answer = await auth.handler(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }))
      const code = ((await answer.json()) as { code?: string }).code
      const isSession = answer.headers.getSetCookie().some(cookie => /session_token=[^;]/.test(cookie))
      return [path, code ? `${answer.status} ${code}` : String(answer.status), isSession]
    }
    const userId = await id('ben')
    const posts: [string, object][] = [
      ['/admin/create-user', { name: 'eve', email: 'eve@example.com', password, role: 'admin' }],
      ['/admin/update-user', { userId: await id('ada'), data: { email: 'eve@example.com', emailVerified: true } }],
      ['/admin/set-role', { userId, role: 'admin' }],
      ['/admin/set-user-password', { userId: await id('ada'), newPassword: 'the passphrase of somebody else' }],
      ['/admin/impersonate-user', { userId }],
    ]
    for (const [path, body] of posts) {
      expect.soft(await post(path, body)).toEqual([path, '403 SIGN_IN_REQUIRED', false])
    }
    expect(await post('/admin/ban-user', { userId })).toEqual(['/admin/ban-user', '200', false])
    expect(told(await signIn('ada'))).toBe('200')
  })

  it('is given no JWT, and none of what providers have given its owner', async () => {
    const { ada, get, auth } = await open()
    const { key } = (await ada.post('/api-key/create', {})).body
    const headers = { 'x-api-key': String(key) }
    expect((await get('/token', headers)).status).toBe(403)
    const session = await get('/get-session', headers)
    expect([session.status, session.headers.has('set-auth-jwt')]).toEqual([200, false])
    const body = JSON.stringify({ providerId: 'google' })
    for (const path of ['/get-access-token', '/refresh-token']) {
      const sent = { ...headers, 'content-type': 'application/json', origin: auth.context.options.origin }
      const request = new Request(auth.context.options.baseURL + path, { method: 'POST', headers: sent, body })
      expect(await (await auth.handler(request)).json()).toMatchObject({ code: 'SIGN_IN_REQUIRED' })
    }
  })
})
