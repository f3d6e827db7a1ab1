import { describe, expect, it } from 'vitest'
import { genericOAuth } from '../../../routers/generic-oauth/index.ts'
import { type OAuthProxyOptions, oAuthProxy } from '../../../routers/oauth-proxy/index.ts'
import { ann, createClock, createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'
import { describeEveryInstance, type StartInstance } from '../every-instance.ts'
import { configOf } from '../generic-oauth/signing-in.ts'
import { type LocalOptions, type LocalProvider, startLocalProvider, withLocal } from '../social/local-provider.ts'

const production = 'https://app.example'
const preview = 'https://preview-7.example'
const secret = 'shared-by-both-servers-0123456789-0123456789'

interface Given {
  proxy?: OAuthProxyOptions
  provider?: Partial<LocalOptions>
  trusted?: string[]
  rest?: object
  start?: StartInstance
}

/** Production and a preview, with databases of their own and nothing in common but a secret. */
async function startBoth({ proxy, provider, trusted = [preview], rest, start }: Given = {}) {
  const local = await startLocalProvider()
  const clock = createClock(new Date().toISOString())
  const make = async (baseURL: string, options: OAuthProxyOptions) => {
    const plugins = [
      withLocal(local, provider),
      genericOAuth({ config: [configOf(local, { providerId: 'generic' })] }),
      oAuthProxy({ secret, productionURL: production, ...proxy, ...options }),
    ]
    const given = { baseURL, plugins, clock: clock.now, secret: `${baseURL} has a secret of its own`, ...rest }
    const full = baseURL === production ? { ...given, trustedOrigins: trusted } : given
    return (await start?.(full as never)) ?? createTestAuth(full as never)
  }
  const [there, here] = [await make(production, {}), await make(preview, {})]
  return { local, clock, there, here, production: () => visit(there.auth), preview: () => visit(here.auth) }
}

type Both = Awaited<ReturnType<typeof startBoth>>

const input = { provider: 'local', callbackURL: '/home', errorCallbackURL: '/oops', newUserCallbackURL: '/welcome' }

/** The callback's path on production, for a browser that begins on the preview. */
async function begin(browser: Visitor, local: LocalProvider, more: object = {}, path = '/sign-in/social') {
  const { body } = await browser.post(path, { ...input, ...more })
  const callback = new URL(local.agree(body.url ?? '', (more as { answer?: Record<string, string> }).answer))
  expect(callback.origin).toBe(production)
  return callback.pathname.replace('/api/auth', '') + callback.search
}

/** Where production sends the browser, as a path of the preview. */
async function forward({ production: open }: Both, callback: string): Promise<string> {
  const location = (await open().get(callback)).headers.get('location') ?? ''
  expect(new URL(location).origin).toBe(preview)
  return location.replace(`${preview}/api/auth`, '')
}

const landing = async (browser: Visitor, path: string) => (await browser.get(path)).headers.get('location')
const page = (origin: string, error: string) => `${origin}/api/auth/error?error=${error}`

describeEveryInstance('a sign-in by way of production', start => {
  it('ends in the preview where it began; production keeps nothing of it', async () => {
    const both = await startBoth({ start })
    const browser = both.preview()
    const returned = await forward(both, await begin(browser, both.local))
    expect(returned).toMatch(/^\/oauth-proxy-callback\?callbackURL=%2Fhome&profile=k1\./)
    expect(await landing(browser, returned)).toBe('/welcome')
    expect((await browser.get('/get-session')).body.user).toMatchObject({ name: 'Ada', email: 'ada@example.com' })
    const token = await browser.post('/get-access-token', { providerId: 'local' })
    expect(token.body).toMatchObject({ accessToken: 'access-0', accessTokenExpiresAt: expect.any(String) })
    const { adapter } = both.there.auth.context
    for (const model of ['user', 'account', 'session']) expect(await adapter.count({ model })).toBe(0)
    const second = both.preview()
    expect(await landing(second, await forward(both, await begin(second, both.local)))).toBe('/home')
  })

  it('is good once, however often at the same moment [control 73]', async () => {
    const both = await startBoth({ start })
    const browser = both.preview()
    const returned = await forward(both, await begin(browser, both.local))
    const ended = await Promise.all(Array.from({ length: 5 }, () => landing(browser, returned)))
    expect(ended.filter(location => location === '/welcome')).toHaveLength(1)
    expect(await landing(browser, returned)).toBe(page(preview, 'please_restart_the_process'))
    expect(await both.here.auth.context.adapter.count({ model: 'session' })).toBe(1)
  })
})

describe('a login on its way from production', () => {
  it('is of no use in another browser: nobody is signed in as somebody else [A13, control 73]', async () => {
    const both = await startBoth()
    const returned = await forward(both, await begin(both.preview(), both.local))
    const victim = both.preview()
    expect(await landing(victim, returned)).toBe(page(preview, 'state_mismatch'))
    expect((await victim.get('/get-session')).text).toBe('null')
  })

  it('is good for a minute, and not before it was made', async () => {
    const both = await startBoth()
    const browser = both.preview()
    const late = await forward(both, await begin(browser, both.local))
    both.clock.advance(61)
    expect(await landing(browser, late)).toBe(page(preview, 'payload_expired'))
    const early = await forward(both, await begin(browser, both.local))
    both.clock.advance(-11)
    expect(await landing(browser, early)).toBe(page(preview, 'payload_expired'))
    both.clock.advance(11)
    expect(await landing(browser, early)).toBe('/welcome')
  })

  it('opens as nothing else, and nothing else opens as it [A39, control 74]', async () => {
    const both = await startBoth()
    const browser = both.preview()
    const callback = await begin(browser, both.local)
    const state = new URLSearchParams(callback.split('?')[1]).get('state') ?? ''
    const returned = await forward(both, callback)
    const profile = new URLSearchParams(returned.split('?')[1]).get('profile') ?? ''
    const at = (value: string) => `/oauth-proxy-callback?callbackURL=%2Fhome&profile=${encodeURIComponent(value)}`
    const whole = both.here.auth.context.keys.seal('oauth-state', JSON.stringify({ state }))
    for (const wrong of [state, whole, `${profile.slice(0, -2)}AA`, 'x']) {
      expect(await landing(browser, at(wrong))).toBe(page(preview, 'invalid_profile'))
    }
    expect(await landing(both.production(), `/callback/local?code=c&state=${encodeURIComponent(profile)}`)).toBe(
      page(production, 'please_restart_the_process'),
    )
    expect(await landing(browser, '/oauth-proxy-callback?callbackURL=%2Fhome')).toBe(page(preview, 'missing_profile'))
    expect(await landing(browser, returned)).toBe('/welcome')
  })

  it('goes to servers that production trusts only', async () => {
    const both = await startBoth({ trusted: ['https://other.example'] })
    const callback = await begin(both.preview(), both.local)
    expect(await landing(both.production(), callback)).toBe(page(production, 'untrusted_origin'))
    expect(both.local.codes.size).toBe(1)
  })

  it('is that of the provider that was asked, and of a sign-in that is not over', async () => {
    const both = await startBoth()
    const callback = await begin(both.preview(), both.local)
    const mixedUp = callback.replace('/callback/local', '/oauth2/callback/generic')
    expect(await landing(both.production(), mixedUp)).toBe(page(production, 'state_mismatch'))
    both.clock.advance(600)
    expect(await landing(both.production(), callback)).toBe(page(production, 'please_restart_the_process'))
  })

  it('may be none: the flow then ends at its own error page', async () => {
    const both = await startBoth()
    const browser = both.preview()
    const denied = (await begin(browser, both.local)).replace(/code=[^&]+/, 'error=access_denied')
    expect(await landing(browser, await forward(both, denied))).toBe('/oops?error=access_denied')
    both.local.claims = { nonce: 'stolen' }
    const stolen = await forward(both, await begin(browser, both.local))
    expect(await landing(browser, stolen)).toBe('/oops?error=unable_to_get_user_info')
  })

  it('is linked only where both sides have proven the address [A20, control 73]', async () => {
    const both = await startBoth()
    await both.preview().post('/sign-up/email', { ...ann, email: 'ada@example.com' })
    const browser = both.preview()
    const returned = await forward(both, await begin(browser, both.local))
    expect(await landing(browser, returned)).toBe('/oops?error=account_not_linked')
  })
})

describe('by way of production', () => {
  it('a login is linked to whoever asked for it', async () => {
    const both = await startBoth()
    const browser = both.preview()
    await browser.post('/sign-up/email', { ...ann, email: 'ada@example.com' })
    const returned = await forward(both, await begin(browser, both.local, {}, '/link-social'))
    expect(await landing(browser, returned)).toBe('/home')
  })

  it('configured providers are reached as well', async () => {
    const both = await startBoth()
    const browser = both.preview()
    const callback = await begin(browser, both.local, { providerId: 'generic' }, '/sign-in/oauth2')
    expect(callback).toMatch(/^\/oauth2\/callback\/generic\?/)
    expect(await landing(browser, await forward(both, callback))).toBe('/welcome')
  })

  it('flows that are kept in a cookie end as well', async () => {
    const both = await startBoth({ rest: { account: { storeStateStrategy: 'cookie' } } })
    const browser = both.preview()
    expect(await landing(browser, await forward(both, await begin(browser, both.local)))).toBe('/welcome')
  })

  it('production itself signs in without a detour, and so does whoever says so', async () => {
    const both = await startBoth()
    const browser = both.production()
    const begun = await browser.post('/sign-in/social', input)
    expect(new URL(begun.body.url ?? '').searchParams.get('state')).toMatch(/^\w{32}$/)
    const { pathname, search } = new URL(both.local.agree(begun.body.url ?? ''))
    expect(await landing(browser, pathname.replace('/api/auth', '') + search)).toBe('/welcome')
    const skipped = await both.preview().post('/sign-in/social', input, { headers: { 'x-skip-oauth-proxy': '1' } })
    expect(new URL(skipped.body.url ?? '').searchParams.get('redirect_uri')).toBe(`${preview}/api/auth/callback/local`)
  })

  it.each([{ currentURL: 'no address' }, { productionURL: 'ftp://a.example' }, { maxAge: 0 }])(
    'nothing starts with %o',
    options => expect(() => oAuthProxy(options)).toThrow('oAuthProxy'),
  )
})

describe('a page that providers send the browser back to', () => {
  const page = `${production}/signed-in`
  const start = async () => {
    const both = await startBoth({ provider: { redirectURI: page } })
    const browser = both.production()
    const { status, body } = await browser.post('/oauth-proxy/authorize', { provider: 'local', callbackURL: '/home' })
    expect([status, body.state]).toEqual([200, new URL(body.url ?? '').searchParams.get('state')])
    const answered = new URL(both.local.agree(body.url ?? ''))
    expect(answered.origin + answered.pathname).toBe(page)
    return { both, browser, finish: `/oauth-proxy/callback${answered.search}&provider=local` }
  }

  it('gets the session as JSON, once, and in its browser only [control 73]', async () => {
    const { both, browser, finish } = await start()
    const stolen = await both.production().get(finish)
    expect([stolen.status, stolen.body]).toMatchObject([
      401,
      { code: 'OAUTH_CALLBACK_FAILED', message: 'state_mismatch' },
    ])
    const { status, body } = await browser.get(finish)
    expect([status, body]).toMatchObject([200, { user: { email: 'ada@example.com' }, callbackURL: '/home' }])
    expect((await browser.get('/get-session')).body.session?.id).toBe(body.session?.id)
    expect((await browser.get(finish)).body.message).toBe('please_restart_the_process')
  })

  it('is told why nobody is signed in', async () => {
    const { browser, finish } = await start()
    const denied = await browser.get(finish.replace(/code=[^&]+/, 'error=access_denied'))
    expect([denied.status, denied.body.message]).toEqual([401, 'access_denied'])
    expect((await browser.get('/get-session')).text).toBe('null')
  })

  it('cannot lead elsewhere, nor to a provider that is not there', async () => {
    const browser = (await startBoth()).production()
    const elsewhere = { provider: 'local', callbackURL: 'https://evil.example' }
    expect((await browser.post('/oauth-proxy/authorize', elsewhere)).body.code).toBe('INVALID_CALLBACK_URL')
    const unknown = await browser.post('/oauth-proxy/authorize', { provider: 'nobody' })
    expect([unknown.status, unknown.body.code]).toEqual([404, 'PROVIDER_NOT_FOUND'])
  })
})
