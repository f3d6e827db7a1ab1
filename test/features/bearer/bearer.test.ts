import { createAuthClient } from 'better-auth/client'
import { describe, expect, it } from 'vitest'
import { bearer } from '../../../routers/bearer/index.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'

const ben = { ...ann, name: 'Ben', email: 'ben@example.com' }

async function signUp(options: Parameters<typeof bearer>[0] = {}, more: Parameters<typeof createTestAuth>[0] = {}) {
  const test = createTestAuth({ ...more, plugins: [bearer(options)] })
  const browser = visit(test.auth)
  const answer = await browser.post('/sign-up/email', ann)
  const signed = answer.headers.get('set-auth-token') ?? ''
  const program = visit(test.auth)
  const read = (authorization: string) => program.get('/get-session', { headers: { authorization } })
  return { ...test, browser, answer, raw: String(answer.body.token), signed, read }
}

describe('a bearer token', () => {
  it('is handed out with the cookie: the very value that the cookie has', async () => {
    const { answer, browser, signed, raw } = await signUp()
    expect(signed).toBe(decodeURIComponent(browser.cookies.get('better-auth.session_token') ?? ''))
    expect(signed.startsWith(`${raw}.`)).toBe(true)
    expect(answer.headers.get('access-control-expose-headers')).toBe('set-auth-token')
  })

  it('is a session, signed, percent-encoded or bare, whatever the case of the scheme', async () => {
    const { read, signed, raw } = await signUp()
    for (const token of [signed, encodeURIComponent(signed), raw]) {
      for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  ']) {
        const { body } = await read(`${scheme} ${token}`)
        expect([scheme, body.session?.token]).toEqual([scheme, raw])
      }
    }
  })

  it('must be signed, if the application says so', async () => {
    const { read, signed, raw } = await signUp({ requireSignature: true })
    expect((await read(`Bearer ${raw}`)).text).toBe('null')
    expect((await read(`Bearer ${signed}`)).body.session?.token).toBe(raw)
  })

  it('is nothing to an instance without the plugin', async () => {
    const { auth } = createTestAuth()
    const { body, headers } = await visit(auth).post('/sign-up/email', ann)
    expect(headers.get('set-auth-token')).toBeNull()
    const answer = await visit(auth).get('/get-session', { headers: { authorization: `Bearer ${body.token}` } })
    expect(answer.text).toBe('null')
  })

  it('changes things without an origin, since no browser adds it by itself', async () => {
    const { auth, raw } = await signUp()
    const headers = { authorization: `Bearer ${raw}`, origin: undefined }
    const answer = await visit(auth).post('/update-user', { name: 'Annie' }, { headers })
    expect([answer.status, answer.body]).toEqual([200, { status: true }])
  })

  it('goes before a cookie, and neither takes the other back', async () => {
    const { auth, browser, raw } = await signUp()
    const other = visit(auth)
    await other.post('/sign-up/email', ben)
    const named = await other.get('/get-session', { headers: { authorization: `Bearer ${raw}` } })
    expect(named.body.user?.email).toBe(ann.email)
    const stale = await other.get('/get-session', { headers: { authorization: `Bearer ${'x'.repeat(32)}` } })
    expect([stale.text, stale.setCookies]).toEqual(['null', {}])
    expect((await other.get('/get-session')).body.user?.email).toBe(ben.email)
    expect((await browser.get('/get-session')).body.user?.email).toBe(ann.email)
  })

  it('is not answered from the cookie cache of another session', async () => {
    const { auth, raw } = await signUp({}, { session: { cookieCache: { enabled: true, maxAge: 300 } } })
    const other = visit(auth)
    await other.post('/sign-up/email', ben)
    expect([...other.cookies.keys()]).toContain('better-auth.session_data')
    const named = await other.get('/get-session', { headers: { authorization: `Bearer ${raw}` } })
    expect(named.body.user?.email).toBe(ann.email)
    const own = await other.get('/get-session')
    expect(own.body.user?.email).toBe(ben.email)
  })

  it('is extended like a cookie, ends with its session, and signs out', async () => {
    const { auth, clock, read, raw, signed } = await signUp()
    clock.advance(2 * 86_400)
    expect((await read(`Bearer ${raw}`)).headers.get('set-auth-token')).toBe(signed)
    expect((await read(`Bearer ${raw}`)).headers.get('set-auth-token')).toBeNull()
    const out = await visit(auth).post('/sign-out', undefined, { headers: { authorization: `Bearer ${raw}` } })
    expect(out.headers.get('set-auth-token')).toBeNull()
    expect((await read(`Bearer ${raw}`)).text).toBe('null')
    clock.advance(30 * 86_400)
    expect((await read(`Bearer ${signed}`)).text).toBe('null')
  })

  it('still verifies after the secret has changed, as long as the old one is known', async () => {
    const { auth, signed, raw } = await signUp()
    const secrets = [
      { version: 2, value: 'a-newer-secret-for-tests-a-newer-secret-0123456789' },
      { version: 1, value: auth.context.keys.secrets[0] as string },
    ]
    const database = { connect: () => auth.context.adapter }
    const rotated = createTestAuth({ secret: undefined, secrets, database, plugins: [bearer()] })
    const answer = await visit(rotated.auth).get('/get-session', { headers: { authorization: `Bearer ${signed}` } })
    expect(answer.body.session?.token).toBe(raw)
  })
})

describe('a malformed Authorization header (GHSA-xmf8-cvqr-rfgj, CVE-2026-9803, control 35)', () => {
  const malformed = (signed: string, raw: string) => [
    '',
    'Bearer',
    'Bearer ',
    'Bearer  ',
    'Bearer .',
    'Bearer ..',
    'Bearer =',
    'Bearer %',
    'Bearer %E0%A4%A',
    'Bearer %00',
    `Bearer ${'%00'.repeat(10)}.x`,
    `Bearer ${'a'.repeat(100_000)}`,
    `Bearer ${'.'.repeat(400)}`,
    'Bearer null',
    'Bearer __proto__',
    'Bearer {"$ne":null}',
    'Bearer a b',
    "Bearer ' OR 1=1 --",
    'Bearer \u00ff\u00fe',
    'Basic YTpi',
    'Bearertoken',
    `Digest ${raw}`,
    `Bearer ${raw}.`,
    `Bearer ${raw}.AAAA`,
    `Bearer ${signed.slice(0, -2)}=`,
    `Bearer ${signed}x`,
    `Bearer x${signed}`,
    `Bearer ${raw.slice(0, 16)}`,
    `Bearer ${raw}${raw}`,
    `Bearer ${signed}, Bearer ${signed}`,
  ]

  it.each([false, true])('is no session and no error (requireSignature %s)', async requireSignature => {
    const { auth, read, signed, raw, log } = await signUp({ requireSignature })
    for (const header of malformed(signed, raw)) {
      const answer = await read(header)
      expect([header.slice(0, 60), answer.status, answer.text]).toEqual([header.slice(0, 60), 200, 'null'])
      const listing = await visit(auth).get('/list-sessions', { headers: { authorization: header } })
      expect([header.slice(0, 60), listing.status, listing.body.code]).toEqual([
        header.slice(0, 60),
        401,
        'UNAUTHORIZED',
      ])
    }
    expect(log).toEqual([])
  })
})

describe('on the ways in', () => {
  it('the official client signs in, keeps the token and sends it', async () => {
    const { url } = await startServer({ plugins: [bearer()] })
    let token = ''
    const client = createAuthClient({
      baseURL: url,
      fetchOptions: {
        auth: { type: 'Bearer', token: () => token },
        // Node's fetch says it is one, as a browser would; a page's requests have the page's origin.
        headers: { origin: new URL(url).origin },
        onSuccess: ({ response }) => {
          token = response.headers.get('set-auth-token') ?? token
        },
      },
    })
    await client.signUp.email(ann)
    expect(token).toContain('.')
    expect((await client.getSession()).data?.user.email).toBe(ann.email)
    expect((await client.updateUser({ name: 'Annie' })).error).toBeNull()
    expect((await client.listSessions()).data).toHaveLength(1)
    await client.signOut()
    expect((await client.getSession()).data).toBeNull()
  })

  it('a tRPC client and a call in process are signed in by it', async () => {
    const { auth, client } = await startServer({ plugins: [bearer()] })
    const resHeaders = new Headers()
    await auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    const headers = { authorization: `Bearer ${resHeaders.get('set-auth-token')}` }
    expect(await client({ headers }).session.list.query()).toHaveLength(1)
    expect((await auth.getSession(headers))?.user.email).toBe(ann.email)
    expect(await auth.caller({ headers }).session.list()).toHaveLength(1)
  })

  it('the calls of a batch leave one token, the last', async () => {
    const { client, auth } = await startServer({ plugins: [bearer()] })
    const tokens: (string | null)[] = []
    const observed = client({
      fetch: async (input, init) => {
        const response = await fetch(input, init)
        tokens.push(response.headers.get('set-auth-token'))
        return response
      },
    })
    await Promise.all([observed.signUp.email.mutate(ann), observed.signUp.email.mutate(ben)])
    expect(tokens).toHaveLength(1)
    const session = await auth.getSession({ authorization: `Bearer ${tokens[0]}` })
    expect([ann.email, ben.email]).toContain(session?.user.email)
  })
})
