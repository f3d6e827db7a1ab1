import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signValue } from '../../src/cookies.ts'
import { ann, createTestAuth, secret } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'
import { everyRoute } from './every-route.ts'

const name = 'better-auth.session_token'

async function startSignedIn() {
  const test = createTestAuth()
  const visitor = visit(test.auth)
  const { body } = await visitor.post('/sign-up/email', ann)
  const cookie = visitor.cookies.get(name) ?? ''
  const stranger = visit(test.auth)
  const isSession = async (header: string) => {
    const { status, text } = await stranger.get('/get-session', { headers: { cookie: header } })
    expect(status).toBe(200)
    return text !== 'null'
  }
  return { ...test, visitor, stranger, token: String(body.token), cookie, isSession }
}

const alphabet = fc.constantFrom(...'abcXYZ019%.=+/;, "_-\\'.split(''), 'ä', '😀')

describe('a session cookie that was tampered with [control 35]', () => {
  it('is no session after any change, and never an error of the server (property)', async () => {
    const { cookie, isSession, log } = await startSignedIn()
    const property = fc.asyncProperty(fc.nat(), fc.nat(3), alphabet, async (position, length, character) => {
      const at = position % (cookie.length + 1)
      const changed =
        cookie.slice(0, at) +
        (character < '\u0080' ? character : encodeURIComponent(character)) +
        cookie.slice(at + length)
      // The same octets in another spelling are the same cookie.
      const decoded = (text: string) => {
        try {
          return decodeURIComponent(
            text
              .split(';')[0]
              ?.trim()
              .replace(/^"(.*)"$/, '$1') ?? '',
          )
        } catch {
          return text
        }
      }
      fc.pre(decoded(changed) !== decoded(cookie))
      expect(await isSession(`${name}=${changed}`)).toBe(false)
    })
    await fc.assert(property, { numRuns: 1500 })
    expect(log).toEqual([])
  })

  it('is no session when it is anything else (property)', async () => {
    const { isSession, log } = await startSignedIn()
    const ascii = fc.stringMatching(/^[\x21-\x7e]{0,80}$/)
    const property = fc.asyncProperty(
      fc.oneof(
        ascii,
        ascii.map(text => `${name}=${text}`),
      ),
      async header => {
        expect(await isSession(header)).toBe(false)
      },
    )
    await fc.assert(property, { numRuns: 1000 })
    expect(log).toEqual([])
  })

  it.each([
    ['truncated to half', (cookie: string) => cookie.slice(0, cookie.length / 2)],
    ['without its signature', (_: string, token: string) => token],
    ['with half of its token, signed', (_: string, token: string) => signValue(token.slice(0, 16), secret)],
    ['with a longer token, signed', (_: string, token: string) => signValue(`${token}a`, secret)],
    ['with another case, signed', (_: string, token: string) => signValue(token.toUpperCase(), secret)],
    [
      'signed with an old secret',
      (_: string, token: string) => signValue(token, 'the secret of last year, long enough'),
    ],
    [
      'signed with an empty secret',
      (_: string, token: string) => `${token}.${createHmac('sha256', '').update(token).digest('base64')}`,
    ],
    [
      'signed in hex',
      (_: string, token: string) => `${token}.${createHmac('sha256', secret).update(token).digest('hex')}`,
    ],
    [
      'signed in base64url',
      (_: string, token: string) => `${token}.${createHmac('sha256', secret).update(token).digest('base64url')}`,
    ],
    [
      'signed with SHA-1',
      (_: string, token: string) => `${token}.${createHmac('sha1', secret).update(token).digest('base64')}`,
    ],
    ['signed twice', (_: string, token: string) => signValue(signValue(token, secret), secret)],
    ['with the signature of an empty value', () => signValue('', secret)],
    ['with a wildcard, signed', () => signValue('%', secret)],
    ['with SQL, signed', () => signValue("' or '1'='1", secret)],
    ['of 60 KiB', () => 'a'.repeat(60_000)],
  ])('is no session %s', async (_title, make) => {
    const { cookie, token, isSession, log } = await startSignedIn()
    const forged = make(decodeURIComponent(cookie), token)
    expect(await isSession(`${name}=${encodeURIComponent(forged)}`)).toBe(false)
    expect(await isSession(`${name}=${cookie}`)).toBe(true)
    expect(log).toEqual([])
  })

  it('is refused by every procedure, without an error of the server', async () => {
    const { auth, stranger, token } = await startSignedIn()
    for (const { method, path, procedure } of everyRoute(auth)) {
      const headers = { cookie: `${name}=${encodeURIComponent(`${token}.AAAA`)}` }
      const { status } =
        method === 'GET' ? await stranger.get(path, { headers }) : await stranger.post(path, {}, { headers })
      expect.soft(status, path).toBeLessThan(500)
      if (procedure.meta.access !== 'public') expect.soft(status, path).toBe(401)
    }
  })
})

describe('a cookie of another kind', () => {
  it('under the name of the session is no session', async () => {
    const { auth, isSession } = await startSignedIn()
    const visitor = visit(auth)
    await visitor.post('/sign-in/email', { ...ann, rememberMe: false })
    expect(await isSession(`${name}=${visitor.cookies.get('better-auth.dont_remember')}`)).toBe(false)
  })

  it('of another instance is no session, even with the same token in the database', async () => {
    const { token, isSession } = await startSignedIn()
    expect(await isSession(`${name}=${encodeURIComponent(signValue(token, `${secret}2`))}`)).toBe(false)
    expect(await isSession(`__Secure-${name}=${encodeURIComponent(signValue(token, secret))}`)).toBe(false)
    expect(await isSession(`other.session_token=${encodeURIComponent(signValue(token, secret))}`)).toBe(false)
  })
})

describe('the token of a session without its signature [control 29]', () => {
  it('authenticates nobody, wherever it is put', async () => {
    const { auth, token, stranger } = await startSignedIn()
    const [row] = await auth.context.adapter.findMany({ model: 'session', where: [] })
    expect(row?.token).toBe(token)
    const ways: Record<string, string>[] = [
      { cookie: `${name}=${token}` },
      { cookie: `${name}=${token}.` },
      { authorization: `Bearer ${token}` },
      { authorization: token },
      { 'x-session-token': token },
      { 'set-auth-token': token },
    ]
    for (const headers of ways) {
      expect((await stranger.get(`/get-session?token=${token}&session_token=${token}`, { headers })).text).toBe('null')
      expect((await stranger.get('/list-sessions', { headers })).status).toBe(401)
    }
  })
})

describe('a forged cookie at sign-out [A7, control 36, in part]', () => {
  it("ends nobody's session", async () => {
    const { auth, token, stranger, cookie, isSession } = await startSignedIn()
    for (const value of [token, `${token}.${'A'.repeat(43)}=`, signValue(token, 'another secret')]) {
      const forged = `${name}=${encodeURIComponent(value)}; better-auth.session_token_multi-${token.toLowerCase()}=${token}`
      expect((await stranger.post('/sign-out', undefined, { headers: { cookie: forged } })).status).toBe(200)
    }
    expect(await auth.context.adapter.count({ model: 'session' })).toBe(1)
    expect(await isSession(`${name}=${cookie}`)).toBe(true)
  })
})

describe('malformed headers', () => {
  it.each(['Bearer', 'Bearer ', 'Basic', 'Basic !!!', 'x'.repeat(10_000), 'Bearer a b c', ', ,'])(
    'like "authorization: %s" are nothing to fail at',
    async authorization => {
      const { visitor, log } = await startSignedIn()
      const { status, body } = await visitor.get('/get-session', { headers: { authorization } })
      expect([status, body.user?.email]).toEqual([200, ann.email])
      expect(log).toEqual([])
    },
  )
})
