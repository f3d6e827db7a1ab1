import { describe, expect, it } from 'vitest'
import type { AdvancedOptions } from '../../src/options/index.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { type RequestOptions, visit } from '../support/visitor.ts'
import { everyRoute, isWrite } from './every-route.ts'

async function startSignedIn() {
  const { auth } = createTestAuth()
  const visitor = visit(auth)
  await visitor.post('/sign-up/email', ann)
  const dump = async () =>
    JSON.stringify(
      await Promise.all(
        ['user', 'account', 'session'].map(model => auth.context.adapter.findMany({ model, where: [] })),
      ),
    )
  return { auth, visitor, dump }
}

const foreign: [headers: RequestOptions['headers'], code: string][] = [
  [{ origin: 'https://evil.com' }, 'INVALID_ORIGIN'],
  [{ origin: 'http://localhost:3000.evil.com' }, 'INVALID_ORIGIN'],
  [{ origin: 'https://localhost:3000' }, 'INVALID_ORIGIN'],
  [{ origin: 'http://localhost' }, 'INVALID_ORIGIN'],
  [{ origin: 'null' }, 'MISSING_OR_NULL_ORIGIN'],
  [{ origin: 'null', 'sec-fetch-site': 'cross-site' }, 'MISSING_OR_NULL_ORIGIN'],
  [{ origin: 'null', 'sec-fetch-site': 'same-site' }, 'MISSING_OR_NULL_ORIGIN'],
  [{ origin: undefined }, 'MISSING_OR_NULL_ORIGIN'],
  [{ origin: undefined, referer: 'https://evil.com/http://localhost:3000/' }, 'INVALID_ORIGIN'],
  [{ origin: undefined, 'sec-fetch-site': 'same-origin' }, 'MISSING_OR_NULL_ORIGIN'],
]

describe('a request that another site made the browser send [control 37]', () => {
  it('is refused by every procedure that writes, by REST and by tRPC', async () => {
    const { auth, visitor, dump } = await startSignedIn()
    const before = await dump()
    for (const { path, procedure } of everyRoute(auth).filter(isWrite)) {
      for (const [headers, code] of foreign) {
        const what = `${path} ${JSON.stringify(headers)}`
        const rest = await visitor.post(path, ann, { headers })
        expect.soft([rest.status, rest.body.code], what).toEqual([403, code])
        const trpc = await visitor.post(`/trpc/${procedure.path}`, ann, { headers })
        expect.soft([trpc.status, trpc.text], what).toEqual([403, expect.stringContaining(`"authCode":"${code}"`)])
      }
    }
    expect(await dump()).toBe(before)
  })

  it('is refused in a batch, for each call in it', async () => {
    const { visitor, dump } = await startSignedIn()
    const before = await dump()
    const headers = { origin: 'https://evil.com' }
    const path = '/trpc/signOut,session.revokeAll,session.revokeOthers?batch=1'
    const { text } = await visitor.post(path, '{"0":null,"1":null,"2":null}', { headers })
    expect(text.match(/"authCode":"INVALID_ORIGIN"/g)).toHaveLength(3)
    // A query in front does not make it a batch of queries.
    const mixed = await visitor.post('/trpc/session.get,signOut?batch=1', '{"0":null,"1":null}', { headers })
    expect(mixed.status).toBe(400)
    expect(await dump()).toBe(before)
  })

  it('writes nothing as a GET', async () => {
    const { auth, visitor, dump } = await startSignedIn()
    const before = await dump()
    const byGet = everyRoute(auth).filter(({ method }) => method === 'GET')
    const alsoByGet = new Set(byGet.map(({ path }) => path))
    for (const { path, procedure } of everyRoute(auth).filter(isWrite)) {
      if (!alsoByGet.has(path)) expect.soft((await visitor.get(path)).status, path).toBe(404)
      const { status } = await visitor.get(`/trpc/${procedure.path}?input=${encodeURIComponent(JSON.stringify(ann))}`)
      expect.soft(status, procedure.path).toBeGreaterThanOrEqual(400)
      expect.soft(status, procedure.path).toBeLessThan(500)
    }
    expect(await dump()).toBe(before)
  })

  it('is refused with a body that a form of another site can send', async () => {
    const { auth, visitor, dump } = await startSignedIn()
    const before = await dump()
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/json',
      '',
    ]
    for (const { path, procedure } of everyRoute(auth).filter(isWrite)) {
      for (const type of types) {
        // The forms of sign-in and sign-up are there for pages of this site; the origin guards them.
        if (procedure.meta.form && type.includes('urlencoded')) continue
        const headers = { 'content-type': type || undefined }
        const rest = await visitor.post(path, JSON.stringify(ann), { headers })
        // Procedures without an input never look at the body.
        if (procedure.input) expect.soft([path, type, rest.status]).toEqual([path, type, 415])
        const trpc = await visitor.post(`/trpc/${procedure.path}`, JSON.stringify(ann), { headers })
        expect.soft([procedure.path, type, trpc.status]).toEqual([procedure.path, type, 415])
      }
    }
    if (before !== (await dump())) expect(await visitor.get('/get-session').then(({ text }) => text)).toBe('null')
  })

  it('cannot sign a visitor in with a form, cookies or not', async () => {
    const { auth } = await startSignedIn()
    const form = new URLSearchParams({ email: ann.email, password: ann.password }).toString()
    const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    for (const origin of ['https://evil.com', 'null', undefined]) {
      const { status, setCookies } = await visit(auth).post('/sign-in/email', form, {
        headers: { origin, ...navigation, 'content-type': 'application/x-www-form-urlencoded' },
      })
      expect([status, setCookies]).toEqual([403, {}])
    }
  })

  it('is let through from an origin that the application trusts', async () => {
    const { auth } = createTestAuth({ trustedOrigins: ['https://app.example.com', 'https://*.preview.example'] })
    for (const origin of ['https://app.example.com', 'https://pr-1.preview.example', 'http://localhost:3000']) {
      const visitor = visit(auth)
      await visitor.post('/sign-up/email', { ...ann, email: `${crypto.randomUUID()}@example.com` })
      expect((await visitor.post('/sign-out', undefined, { headers: { origin } })).status).toBe(200)
    }
  })

  it('is judged by origins that the application names for each request', async () => {
    const asked: (string | null | undefined)[] = []
    const trustedOrigins = async (request?: Request) => {
      asked.push(request?.headers.get('x-tenant'))
      return request?.headers.get('x-tenant') === 'a' ? ['https://a.example'] : []
    }
    const { auth } = createTestAuth({ trustedOrigins })
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', ann)
    const signOut = async (tenant: string) =>
      (
        await visitor.post('/revoke-other-sessions', undefined, {
          headers: { origin: 'https://a.example', 'x-tenant': tenant },
        })
      ).status
    expect([await signOut('a'), await signOut('b')]).toEqual([200, 403])
    // Once at the start, without a request, as Better Auth asks.
    expect(asked).toEqual([undefined, null, 'a', 'b'])
  })
})

describe('the switches', () => {
  const evil = { origin: 'https://evil.com' }
  const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const callbackURL = 'https://evil.com/next'

  /** What each check answers: with a cookie, without one, by a navigation, and to an address to go to. */
  async function outcomes(advanced: AdvancedOptions, path = '/sign-in/email', procedure = 'signIn.email') {
    const { auth } = createTestAuth({ advanced })
    await auth.caller().signUp.email(ann)
    const codes: string[][] = []
    for (const target of [path, `/trpc/${procedure}`]) {
      const post = async (headers: Record<string, string>, more: object = {}) => {
        const { text } = await visit(auth).post(target, { ...ann, ...more }, { headers })
        return /INVALID_ORIGIN|CROSS_SITE_NAVIGATION_LOGIN_BLOCKED|INVALID_CALLBACK_URL/.exec(text)?.[0] ?? 'passed'
      }
      codes.push([
        await post({ ...evil, cookie: 'theme=dark' }),
        await post({ ...evil, 'sec-fetch-mode': 'cors' }),
        await post({ ...evil, ...navigation }),
        await post({}, { callbackURL }),
      ])
    }
    expect(codes[1]).toEqual(codes[0])
    return codes[0]
  }
  const BLOCKED = 'CROSS_SITE_NAVIGATION_LOGIN_BLOCKED'
  const cases: [advanced: AdvancedOptions, outcomes: string[]][] = [
    [{}, ['INVALID_ORIGIN', 'INVALID_ORIGIN', BLOCKED, 'INVALID_CALLBACK_URL']],
    [{ disableCSRFCheck: true }, ['passed', 'passed', 'passed', 'INVALID_CALLBACK_URL']],
    [{ disableOriginCheck: true }, ['passed', 'passed', 'passed', 'passed']],
    [{ disableOriginCheck: true, disableCSRFCheck: false }, ['passed', 'passed', BLOCKED, 'passed']],
    [{ disableOriginCheck: true, disableCSRFCheck: true }, ['passed', 'passed', 'passed', 'passed']],
    [{ disableOriginCheck: ['/sign-in'] }, ['passed', 'passed', BLOCKED, 'passed']],
    [{ disableOriginCheck: ['/sign-in/email/'] }, ['passed', 'passed', BLOCKED, 'passed']],
    [{ disableOriginCheck: ['/sign'] }, ['INVALID_ORIGIN', 'INVALID_ORIGIN', BLOCKED, 'INVALID_CALLBACK_URL']],
    [{ disableOriginCheck: ['/sign-in/e'] }, ['INVALID_ORIGIN', 'INVALID_ORIGIN', BLOCKED, 'INVALID_CALLBACK_URL']],
    [{ disableOriginCheck: [] }, ['INVALID_ORIGIN', 'INVALID_ORIGIN', BLOCKED, 'INVALID_CALLBACK_URL']],
  ]
  it.each(cases)('%j: %j, by REST and by tRPC', async (advanced, expected) => {
    expect(await outcomes(advanced)).toEqual(expected)
  })

  it('named for one path leave the others as they are', async () => {
    expect(await outcomes({ disableOriginCheck: ['/sign-up'] })).toEqual([
      ...['INVALID_ORIGIN', 'INVALID_ORIGIN', BLOCKED],
      'INVALID_CALLBACK_URL',
    ])
  })
})

describe('a page that tells no address', () => {
  const own = { origin: 'null', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }

  it('may call when the browser vouches that it is of this very site, by every way in', async () => {
    const { auth } = createTestAuth()
    const visitor = visit(auth)
    expect((await visitor.post('/sign-up/email', ann, { headers: own })).status).toBe(200)
    expect((await visitor.post('/update-user', { name: 'New' }, { headers: own })).status).toBe(200)
    expect((await visitor.post('/trpc/user.update', { name: 'Newer' }, { headers: own })).status).toBe(200)
    const headers = { ...own, cookie: visitor.cookieHeader() }
    await expect(auth.caller({ headers }).user.update({ name: 'Newest' })).resolves.toMatchObject({ status: true })
  })
})
