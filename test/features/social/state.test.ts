import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../../src/index.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'
import { startLocalProvider, withLocal } from './local-provider.ts'
import { begin, redirection, signIn } from './signing-in.ts'

type Strategy = 'database' | 'cookie'
const errorPage = 'http://localhost:3000/api/auth/error'

async function start(account: object = {}) {
  const local = await startLocalProvider()
  const test = createTestAuth({
    plugins: [withLocal(local, {}, ['local', 'other'])],
    account,
    database: memoryAdapter(),
  })
  const isSignedIn = async (browser: Visitor) => (await browser.get('/get-session')).text !== 'null'
  return { ...test, local, visit: () => visit(test.auth), isSignedIn }
}

describe.each<[Strategy]>([['database'], ['cookie']])('a sign-in under way, in the %s [A13, control 73]', strategy => {
  const begun = (more: object = {}) => start({ storeStateStrategy: strategy, ...more })

  it('ends in the browser where it began', async () => {
    const { local, visit, isSignedIn } = await begun()
    const [mine, theirs] = [visit(), visit()]
    const { callback } = await begin(mine, local)
    const missing = strategy === 'database' ? 'state_mismatch' : 'please_restart_the_process'
    expect(redirection(await theirs.get(callback))).toEqual([302, `${errorPage}?error=${missing}`])
    // Somebody who began one too has a cookie, but another one.
    await begin(theirs, local)
    expect(redirection(await theirs.get(callback))).toEqual([302, `${errorPage}?error=state_mismatch`])
    expect(await isSignedIn(theirs)).toBe(false)
    // And whoever tried has not used it up.
    expect(redirection(await mine.get(callback))).toEqual([302, '/home'])
    expect(await isSignedIn(mine)).toBe(true)
  })

  it('ends once', async () => {
    const { local, visit } = await begun()
    const browser = visit()
    const { callback } = await begin(browser, local)
    await browser.get(callback)
    const again = await browser.get(callback)
    expect(redirection(again)).toEqual([302, `${errorPage}?error=please_restart_the_process`])
  })

  it('ends at the provider it was begun for', async () => {
    const { local, visit, isSignedIn } = await begun()
    const browser = visit()
    const { callback } = await begin(browser, local)
    const mixedUp = await browser.get(callback.replace('/callback/local', '/callback/other'))
    expect(redirection(mixedUp)).toEqual([302, `${errorPage}?error=state_mismatch`])
    expect(await isSignedIn(browser)).toBe(false)
    const unknown = await begin(browser, local, { input: { errorCallbackURL: '/oops' } })
    const lost = await browser.get(unknown.callback.replace('/callback/local', '/callback/none'))
    expect(redirection(lost)).toEqual([302, '/oops?error=oauth_provider_not_found'])
  })

  it('ends within ten minutes', async () => {
    const { local, visit, clock } = await begun()
    const browser = visit()
    const { callback } = await begin(browser, local)
    clock.advance(599)
    const late = visit()
    for (const [name, value] of browser.cookies) late.cookies.set(name, value)
    expect(redirection(await browser.get(callback))).toEqual([302, '/home'])
    const next = await begin(late, local)
    clock.advance(600)
    expect(redirection(await late.get(next.callback))).toEqual([302, `${errorPage}?error=please_restart_the_process`])
  })

  it('has nothing secret in addresses, nor readable at rest', async () => {
    const { local, visit, auth } = await begun()
    const browser = visit()
    const { begun: answer } = await begin(browser, local, { input: { additionalData: { plan: 'gold-plan' } } })
    const { searchParams } = new URL(answer.body.url ?? '')
    expect(searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    expect(searchParams.has('code_verifier')).toBe(false)
    const rows = await auth.context.adapter.findMany({ model: 'verification', where: [] })
    const kept = JSON.stringify([rows, [...browser.cookies]])
    expect(kept).not.toContain('gold-plan')
    expect(kept).not.toContain(searchParams.get('nonce'))
    expect(rows).toHaveLength(strategy === 'database' ? 1 : 0)
    if (strategy === 'database') expect(JSON.stringify(rows)).not.toContain(searchParams.get('state'))
  })

  it('cannot be made up from what is sealed for something else [A39, control 74]', async () => {
    const { auth, local, visit, isSignedIn } = await begun({ storeAccountCookie: true })
    const browser = visit()
    const { callback } = await begin(browser, local)
    const { keys } = auth.context
    const flow = { provider: 'local', callbackURL: '/home', state: 'x', codeVerifier: 'y', nonce: 'z', expiresAt: 1e15 }
    for (const purpose of ['account-cookie', 'oauth-account-tokens']) {
      browser.cookies.set('better-auth.oauth_state', keys.seal(purpose, JSON.stringify(flow)))
      const [status, location] = redirection(await browser.get(callback.replace(/state=\w+/, 'state=x')))
      expect([status, location]).toEqual([302, `${errorPage}?error=please_restart_the_process`])
    }
    expect(await isSignedIn(browser)).toBe(false)
  })
})

describe('the cookie of a sign-in under way', () => {
  it('lives as long as that of Better Auth', async () => {
    const inDatabase = await start()
    const { setCookies } = (await begin(inDatabase.visit(), inDatabase.local)).begun
    expect(setCookies['better-auth.state']).toMatch(/; Max-Age=300; Path=\/; HttpOnly; SameSite=Lax$/)
    const inCookie = await start({ storeStateStrategy: 'cookie' })
    const whole = (await begin(inCookie.visit(), inCookie.local)).begun.setCookies
    expect(whole['better-auth.oauth_state']).toMatch(/; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  it('is not looked at where the application says so', async () => {
    const { local, visit, isSignedIn } = await start({ skipStateCookieCheck: true })
    const { callback } = await begin(visit(), local)
    const webview = visit()
    expect(redirection(await webview.get(callback))).toEqual([302, '/home'])
    expect(await isSignedIn(webview)).toBe(true)
  })

  it('is gone with the session, where it holds everything', async () => {
    const { local, visit } = await start({ storeStateStrategy: 'cookie' })
    const browser = visit()
    await signIn(browser, local)
    await begin(browser, local)
    expect((await browser.post('/sign-out')).setCookies['better-auth.oauth_state']).toContain('Max-Age=0')
  })
})
