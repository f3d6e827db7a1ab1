import { createAuthClient } from 'better-auth/client'
import { magicLinkClient } from 'better-auth/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { type MagicLinkOptions, magicLink } from '../../../routers/magic-link/index.ts'
import { type AnyPlugin, AuthError, defineErrors, type KerniaOptions } from '../../../src/index.ts'
import { secondStep } from '../../support/second-step-plugin.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { createLinks } from './links.ts'

const { email } = ann

function start(options: Partial<MagicLinkOptions> = {}, more: KerniaOptions & { others?: AnyPlugin[] } = {}) {
  const links = createLinks(options)
  const { others = [], ...given } = more
  const test = createTestAuth({ ...given, advanced: links.advanced, plugins: [links.plugin, ...others] })
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [] })
  const ask = async (wish: object = {}) => {
    await visit(test.auth).post('/sign-in/magic-link', { email, callbackURL: '/home', ...wish })
    return links.lastPath()
  }
  return { ...test, ...links, rows, ask, visit: () => visit(test.auth) }
}

const location = ({ headers }: { headers: Headers }) => headers.get('location')?.replace('http://localhost:3000', '')

describe('a magic link', () => {
  it('is driven by the official client', async () => {
    const links = createLinks()
    const { url, origin } = await startServer({ plugins: [links.plugin], advanced: links.advanced })
    const keepCookies = createCookieFetch({ url })
    const client = createAuthClient({
      baseURL: url,
      fetchOptions: {
        customFetchImpl: (input, init) => {
          const headers = new Headers(init?.headers)
          headers.set('origin', origin)
          return keepCookies(input, { ...init, headers })
        },
      },
      plugins: [magicLinkClient()],
    })
    const asked = await client.signIn.magicLink({ email, name: 'Ann', callbackURL: `${origin}/home` })
    expect(asked.data).toEqual({ status: true })
    const { token, url: link } = await links.last()
    expect(link).toContain(`${url}/magic-link/verify?token=`)
    const verified = await client.magicLink.verify({ query: { token } })
    expect(verified.error).toBeNull()
    expect((await client.getSession()).data?.user).toMatchObject({ email, name: 'Ann', emailVerified: true })
  })

  it('works by tRPC, where redirects are data', async () => {
    const links = createLinks()
    const { client } = await startServer({ plugins: [links.plugin], advanced: links.advanced })
    const browser = client()
    await browser.signIn.magicLink.mutate({ email })
    const { token } = await links.last()
    expect(await browser.magicLink.verify.mutate({ token, callbackURL: '/home' })).toEqual({
      url: expect.stringMatching(/\/home$/),
    })
    expect((await browser.session.get.query())?.user.email).toBe(email)
  })

  it('leads new users and known ones where they were sent, and tells both apart once', async () => {
    const { ask, visit, rows } = start()
    const wish = { newUserCallbackURL: '/welcome?a=1', errorCallbackURL: '/oops', name: 'Ann' }
    const first = await visit().get(await ask(wish))
    expect([first.status, location(first)]).toEqual([302, '/welcome?a=1'])
    const path = await ask(wish)
    const second = await visit().get(path)
    expect([second.status, location(second)]).toEqual([302, '/home'])
    const again = await visit().get(path)
    expect([location(again), again.setCookies]).toEqual(['/oops?error=INVALID_TOKEN', {}])
    expect(await rows('user')).toMatchObject([{ email, name: 'Ann', emailVerified: true }])
  })

  it('tells what went wrong in an address, whatever it is', async () => {
    const { visit, ask, clock } = start({ disableSignUp: true })
    const follow = async (path: string) => {
      const answer = await visit().get(path)
      return [answer.status, location(answer), answer.setCookies]
    }
    expect(await follow('/magic-link/verify?token=bad')).toEqual([302, '/?error=INVALID_TOKEN', {}])
    expect(await follow(await ask())).toEqual([302, '/home?error=new_user_signup_disabled', {}])
    const late = await ask({ errorCallbackURL: '/oops?x=1' })
    clock.advance(300)
    expect(await follow(late)).toEqual([302, '/oops?x=1&error=EXPIRED_TOKEN', {}])
    expect(await follow(late)).toEqual([302, '/oops?x=1&error=INVALID_TOKEN', {}])
  })

  it.each([
    ['failed_to_create_user', { databaseHooks: { user: { create: { before: () => false } } } }],
    ['failed_to_create_session', { databaseHooks: { session: { create: { before: () => false } } } }],
    ['failed_to_create_user', { user: { additionalFields: { city: { type: 'string', input: true } } } }],
  ] as [string, KerniaOptions][])('leads to an error page with %s', async (error, options) => {
    const { visit, ask, rows } = start({}, options)
    const answer = await visit().get(await ask())
    expect([answer.status, location(answer), answer.setCookies]).toEqual([302, `/home?error=${error}`, {}])
    expect([await rows('user'), await rows('session')]).toEqual([[], []])
  })

  it('leads to an error page with the code of a plugin that refuses', async () => {
    const banned = defineErrors({ BANNED_USER: [403, 'Banned'] })
    const bans = {
      id: 'bans',
      hookErrors: Object.values(banned),
      hooks: {
        sessionCreating: () => {
          throw new AuthError(banned.BANNED_USER)
        },
      },
    }
    const { visit, ask } = start({}, { others: [bans] })
    expect(location(await visit().get(await ask()))).toBe('/home?error=BANNED_USER')
  })

  it('leads to this site and trusted origins only', async () => {
    const { visit, rows } = start()
    const evil = 'https://evil.example/'
    for (const key of ['callbackURL', 'newUserCallbackURL', 'errorCallbackURL']) {
      expect((await visit().post('/sign-in/magic-link', { email, [key]: evil })).status).toBe(403)
      const query = new URLSearchParams({ token: 'bad', [key]: evil })
      expect((await visit().get(`/magic-link/verify?${query}`)).status).toBe(403)
    }
    expect(await rows('verification')).toEqual([])
  })

  it('is answered alike for every address, however the mail fares [control 9]', async () => {
    const { visit, settled, log } = start({
      sendMagicLink: () => {
        throw new Error('the mail server is down')
      },
    })
    await visit().post('/sign-up/email', ann)
    const answers = []
    for (const to of [email, 'nobody@example.com']) {
      const { status, text } = await visit().post('/sign-in/magic-link', { email: to })
      answers.push([status, text])
    }
    await settled()
    expect(answers).toEqual([
      [200, '{"status":true}'],
      [200, '{"status":true}'],
    ])
    expect(log).toHaveLength(2)
  })

  it('gives the application what the client sent along', async () => {
    const { ask, last } = start()
    await ask({ metadata: { theme: 'dark' } })
    expect(await last()).toMatchObject({ email, metadata: { theme: 'dark' }, token: expect.stringMatching(/^\w{32}$/) })
    await ask({ email: 'ANN@Example.com' })
    expect((await last()).email).toBe(email)
  })

  it('is limited to 5 in a minute, or what the application says', async () => {
    for (const [options, max] of [[{}, 5] as const, [{ rateLimit: { window: 60, max: 2 } }, 2] as const]) {
      const { visit, clock } = start(options, { rateLimit: { enabled: true } })
      const from = { socketAddress: '192.0.2.1' }
      const post = () => visit().post('/sign-in/magic-link', { email }, from)
      const get = () => visit().get('/magic-link/verify?token=bad', from)
      for (const [call, good] of [[post, 200] as const, [get, 302] as const]) {
        const statuses = []
        for (let index = 0; index <= max; index++) statuses.push((await call()).status)
        expect(statuses).toEqual([...Array(max).fill(good), 429])
      }
      clock.advance(61)
      expect((await post()).status).toBe(200)
    }
  })

  it('refuses options that make no sense', () => {
    expect(() => magicLink({} as MagicLinkOptions)).toThrow('sendMagicLink')
    expect(() => magicLink({ sendMagicLink: () => undefined, expiresIn: 0 })).toThrow('expiresIn')
  })
})

describe('a second step [A11, control 17]', () => {
  const startWithSecondStep = async (options: Partial<MagicLinkOptions> = {}) => {
    const test = start(options, { others: [secondStep()] })
    await test.visit().post('/sign-up/email', { ...ann, secondStepOn: true })
    const where = [{ field: 'email', value: email }]
    await test.auth.context.adapter.updateMany({ model: 'user', where, update: { emailVerified: true } })
    await test.auth.context.adapter.deleteMany({ model: 'session', where: [] })
    return test
  }

  it('is asked for after a link too: there is no session, cookie or token before it', async () => {
    const { visit, ask, last, rows } = await startWithSecondStep()
    const followed = await visit().get(await ask())
    expect([followed.status, location(followed), followed.setCookies]).toEqual([302, '/home?secondStep=true', {}])
    await ask()
    const answer = await visit().get(`/magic-link/verify?token=${(await last()).token}`)
    expect(answer.body).toMatchObject({ secondStep: true, methods: ['code'] })
    expect([answer.body.token, answer.setCookies, await rows('session')]).toEqual([undefined, {}, []])
  })

  it('is left out where the application says so', async () => {
    const { visit, ask, rows } = await startWithSecondStep({ skipSecondFactor: true })
    expect(location(await visit().get(await ask()))).toBe('/home')
    expect(await rows('session')).toHaveLength(1)
  })
})
