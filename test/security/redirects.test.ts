import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { definePlugin } from '../../src/index.ts'
import { URL_FIELDS } from '../../src/meta.ts'
import { hostileUrls, trusted } from '../kernel/hostile-urls.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { type Answer, visit } from '../support/visitor.ts'
import { everyRoute, isWrite } from './every-route.ts'

const [ours = '', ...others] = trusted
const createSite = () => createTestAuth({ baseURL: ours, trustedOrigins: others })
const fields = Object.keys(URL_FIELDS)

function expectRefused({ status, body, headers }: Answer, what: string): void {
  const outcome = status === 400 ? 'VALIDATION_ERROR' : body.code?.replace(/^INVALID_(\w+_)?URL$/, 'INVALID_URL')
  expect
    .soft([status === 400 || status === 403, outcome], what)
    .toEqual([true, expect.stringMatching(/^(VALIDATION_ERROR|INVALID_URL)$/)])
  expect.soft(headers.get('location'), what).toBeNull()
}

describe('a hostile address to go to [A1 A3 A4 A5, control 41]', () => {
  it('comes in at least 150 disguises, all of them different', () => {
    expect(new Set(hostileUrls).size).toBe(hostileUrls.length)
    expect(hostileUrls.length).toBeGreaterThanOrEqual(150)
  })

  it('is refused in every disguise, in every field of every procedure that writes', async () => {
    const { auth, inbox } = createSite()
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', ann)
    const writes = everyRoute(auth).filter(isWrite)
    expect(writes.length).toBeGreaterThan(10)
    for (const { path } of writes) {
      for (const field of fields) {
        for (const url of hostileUrls) {
          expectRefused(await visitor.post(path, { ...ann, [field]: url }), `${path} ${field} ${url}`)
        }
      }
    }
    expect(inbox.mails).toEqual([])
    expect((await visitor.get('/get-session')).body.user).toMatchObject({ email: ann.email })
  }, 120_000)

  it('is refused by tRPC as well, in every field of every procedure that writes', async () => {
    const visitor = visit(createSite().auth)
    await visitor.post('/sign-up/email', ann)
    for (const { procedure } of everyRoute(createSite().auth).filter(
      ({ procedure }) => procedure.type === 'mutation',
    )) {
      for (const field of fields) {
        for (const url of ['//evil.com', 'https://app.example.com.evil.com', 'javascript:alert(1)', '/\\evil.com']) {
          const { status, text } = await visitor.post(`/trpc/${procedure.path}`, { ...ann, [field]: url })
          expect.soft([procedure.path, field, url, status], text).toEqual([procedure.path, field, url, 403])
        }
      }
    }
  })

  it('is refused in every disguise by every procedure that redirects', async () => {
    const { auth } = createSite()
    const visitor = visit(auth)
    // Those that are told where to; others remember it, or ask nobody.
    const isTold = ({ keys }: { keys: string[] }) => keys.some(key => key in URL_FIELDS)
    const redirecting = everyRoute(auth).filter(route => route.procedure.meta.redirect && isTold(route))
    expect(redirecting.map(({ operationId }) => operationId)).toContain('requestPasswordResetCallback')
    for (const { path } of redirecting) {
      for (const url of hostileUrls) {
        for (const key of ['callbackURL', 'callback_url']) {
          const query = new URLSearchParams({ [key]: url })
          expectRefused(await visitor.get(`${path.replace(':token', 'token')}?${query}`), `${path} ${url}`)
        }
      }
    }
  })

  it('never gets a reset link mailed', async () => {
    const { auth, inbox } = createSite()
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', ann)
    for (const redirectTo of hostileUrls) {
      expectRefused(await visitor.post('/request-password-reset', { email: ann.email, redirectTo }), redirectTo)
    }
    await visitor.post('/request-password-reset', { email: ann.email, redirectTo: 'https://a.trusted.example/choose' })
    await inbox.waitFor(ann.email)
    expect(inbox.mails).toHaveLength(1)
  })

  it('is refused however the field is sent', async () => {
    const visitor = visit(createSite().auth)
    const url = 'https://evil.com'
    const query = new URLSearchParams({ callbackURL: url })
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    const trpc = JSON.stringify({ ...ann, callbackURL: url })
    const answers = [
      await visitor.post('/sign-in/email', { ...ann, callback_url: url }),
      await visitor.post(`/sign-in/email?${query}`, ann),
      await visitor.post('/sign-in/email', new URLSearchParams({ ...ann, callbackURL: url }).toString(), form),
      await visitor.post('/sign-in/email', { ...ann, callbackURL: [url] }),
      await visitor.post('/sign-in/email', { ...ann, callbackURL: { href: url } }),
      await visitor.post(
        '/sign-in/email',
        `{"callbackURL":"/ok","callbackURL":"${url}","email":"a@b.example","password":"x"}`,
      ),
      await visitor.get(`/reset-password/token?callbackURL=/ok&callbackURL=${url}`),
    ]
    for (const [index, answer] of answers.entries()) expectRefused(answer, `way ${index}`)
    const overTrpc = await visitor.post('/trpc/signIn.email', trpc)
    expect([overTrpc.status, overTrpc.text]).toEqual([403, expect.stringContaining('INVALID_CALLBACK_URL')])
    const inBatch = await visitor.post('/trpc/signIn.email?batch=1', `{"0":${trpc}}`)
    expect([inBatch.status, inBatch.text]).toEqual([403, expect.stringContaining('INVALID_CALLBACK_URL')])
  })
})

/** A plugin whose procedure forgot that its input says where to go: nothing checks a field of that name. */
const careless = (external: boolean) =>
  definePlugin({
    id: 'careless',
    procedures: ({ procedure }) => ({
      careless: procedure
        .public({
          rest: 'GET /careless',
          operationId: 'careless',
          summary: 'Sends the browser anywhere',
          redirect: true,
          ...(external && { external }),
        })
        .input(z.object({ to: z.string() }))
        .output(z.object({ url: z.string() }))
        .query(({ input }) => ({ url: input.to })),
    }),
  })

describe('where a redirect leads [control 41]', () => {
  it('is checked once more as it leaves, in every disguise, whatever it was made from', async () => {
    const { auth, log } = createTestAuth({ baseURL: ours, trustedOrigins: others, plugins: [careless(false)] })
    const visitor = visit(auth)
    // Text with a NUL does not get that far: no input may have one.
    const disguises = hostileUrls.filter(url => !url.includes('\0'))
    for (const to of disguises) {
      const { status, headers } = await visitor.get(`/careless?${new URLSearchParams({ to })}`)
      expect.soft([to, status, headers.get('location')]).toEqual([to, 500, null])
    }
    expect(log).toHaveLength(disguises.length)
    for (const to of ['/next', `${ours}/next`, 'https://a.trusted.example/next#part', 'myapp://next']) {
      const { status, headers } = await visitor.get(`/careless?${new URLSearchParams({ to })}`)
      expect.soft([status, headers.get('location')]).toEqual([302, to])
    }
    await expect(auth.caller().careless({ to: '//evil.com' })).rejects.toMatchObject({
      authCode: 'INTERNAL_SERVER_ERROR',
    })
  })

  it('is another site only where a procedure says so', async () => {
    const visitor = visit(createTestAuth({ plugins: [careless(true)] }).auth)
    const to = 'https://provider.example/authorize'
    expect((await visitor.get(`/careless?${new URLSearchParams({ to })}`)).headers.get('location')).toBe(to)
  })

  it('is always the address that was checked, made absolute', async () => {
    const visitor = visit(createSite().auth)
    const cases = [
      ['/next', 'https://app.example.com/next?error=INVALID_TOKEN'],
      ['/a//b', 'https://app.example.com/a//b?error=INVALID_TOKEN'],
      ['/..//evil.com', 'https://app.example.com//evil.com?error=INVALID_TOKEN'],
      ['/next?error=NONE&x=1', 'https://app.example.com/next?error=INVALID_TOKEN&x=1'],
      ['https://a.trusted.example/n#part', 'https://a.trusted.example/n?error=INVALID_TOKEN#part'],
      ['myapp://reset', 'myapp://reset?error=INVALID_TOKEN'],
    ]
    for (const [callbackURL = '', location] of cases) {
      const answer = await visitor.get(`/reset-password/token?${new URLSearchParams({ callbackURL })}`)
      expect([answer.status, answer.headers.get('location')]).toEqual([302, location])
    }
  })
})
