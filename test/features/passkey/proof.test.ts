import { describe, expect, it } from 'vitest'
import type { PasskeyOptions } from '../../../routers/passkey/index.ts'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { createSoftAuthenticator } from '../../../src/testing/index.ts'
import { REFUSAL, vault } from '../../procedures/vault.ts'
import { ann } from '../../support/test-auth.ts'
import type { Visitor } from '../../support/visitor.ts'
import { describeEveryInstance, type StartInstance } from '../every-instance.ts'
import { scan } from '../two-factor/authenticator.ts'
import { register, signIn, startRegistered, startWithPasskeys } from './page.ts'

const { email, password } = ann
const GOLD = '"gold"'

async function tell(browser: Visitor): Promise<unknown> {
  const { status, body, text } = await browser.get('/vault/session')
  return status === 200 ? text : body
}

describeEveryInstance('a session that begins with a passkey', (start: StartInstance) => {
  it('is proved if the authenticator has verified its owner, and not otherwise [control 21]', async () => {
    const { visit, authenticator, browser } = await startRegistered({}, { start, plugins: [vault()] })
    // It began with a password; having a passkey is not using it.
    expect(await tell(browser)).toEqual(REFUSAL)
    const touched = visit()
    expect((await signIn(touched, authenticator, { userVerified: false })).status).toBe(200)
    expect(await tell(touched)).toEqual(REFUSAL)
    const verified = visit()
    const answer = await signIn(verified, authenticator)
    expect(JSON.stringify(answer.body)).not.toContain('passkeyVerifiedAt')
    expect(await tell(verified)).toBe(GOLD)
    // Whoever is signed in steps up by signing in with it.
    await signIn(browser, authenticator)
    expect(await tell(browser)).toBe(GOLD)
  })

  it('is proved no more once the user has deleted a passkey, whichever it was, until one is used [control 21]', async () => {
    const { visit, authenticator, browser, clock } = await startRegistered({}, { start, plugins: [vault()] })
    const lost = createSoftAuthenticator()
    const { id } = (await register(browser, lost)).body
    const thief = visit()
    await signIn(thief, lost)
    const own = visit()
    await signIn(own, authenticator)
    expect([await tell(thief), await tell(own)]).toEqual([GOLD, GOLD])
    expect((await browser.post('/passkey/delete-passkey', { id })).status).toBe(200)
    expect([await tell(thief), await tell(own)]).toEqual([REFUSAL, REFUSAL])
    clock.advance(1)
    await signIn(own, authenticator)
    expect([await tell(thief), await tell(own)]).toEqual([REFUSAL, GOLD])
  })
})

describe('a session and several factors', () => {
  it('is as recent as the latest of them [control 21]', async () => {
    const plugins = [vault({ maxAge: 300 }), twoFactor()]
    const { browser, authenticator, clock } = await startRegistered({}, { plugins })
    await signIn(browser, authenticator)
    const { totpURI } = (await browser.post('/two-factor/enable', { password })).body
    const app = scan(String(totpURI), clock)
    clock.advance(301)
    expect(await tell(browser)).toEqual(REFUSAL)
    await browser.post('/two-factor/verify-totp', { code: app.code() })
    expect(await tell(browser)).toBe(GOLD)
    clock.advance(301)
    expect(await tell(browser)).toEqual(REFUSAL)
    await signIn(browser, authenticator)
    expect(await tell(browser)).toBe(GOLD)
  })
})

describe('the option requireSecondFactor of the plugin', () => {
  const start = (options: PasskeyOptions) => startWithPasskeys(options, { plugins: [twoFactor()] })

  it('has one factor be proved before another passkey is added, or one deleted [control 21]', async () => {
    const { visit, auth } = await start({ requireSecondFactor: true })
    const browser = visit()
    await browser.post('/sign-up/email', ann)
    const first = createSoftAuthenticator()
    // Whoever has none yet is not asked for one.
    const { id } = (await register(browser, first)).body
    const thief = visit()
    await thief.post('/sign-in/email', { email, password })
    const asked = await thief.get('/passkey/generate-register-options')
    expect([asked.status, asked.body]).toEqual([401, REFUSAL])
    expect((await thief.post('/passkey/delete-passkey', { id })).body).toEqual(REFUSAL)
    await signIn(browser, first)
    const own = createSoftAuthenticator()
    expect((await register(browser, own)).status).toBe(200)
    expect((await browser.post('/passkey/delete-passkey', { id })).status).toBe(200)
    const documented = (path: string) => JSON.stringify(auth.openApiDocument().paths?.[`/passkey/${path}`])
    for (const path of ['generate-register-options', 'verify-registration', 'delete-passkey']) {
      expect(documented(path), path).toContain('STEP_UP_REQUIRED')
    }
  })

  it('is off unless it is asked for', async () => {
    const { visit } = await start({})
    const browser = visit()
    await browser.post('/sign-up/email', ann)
    await register(browser, createSoftAuthenticator())
    expect((await register(browser, createSoftAuthenticator())).status).toBe(200)
  })
})
