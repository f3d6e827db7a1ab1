import { describe, expect, it } from 'vitest'
import { skipWithoutChromium } from '../support/chromium.ts'
import {
  mailTo,
  newPerson,
  seeAccount,
  seeFailure,
  seeNotice,
  seeSessionCount,
  seeSignInForm,
  sessionCookies,
  signIn,
  signOut,
  signUp,
  signUpByForm,
} from './demo-page.ts'
import { openDemo } from './open-demo.ts'

const firefoxOnWindows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'

describe.skipIf(skipWithoutChromium())('the demo in a real browser', { timeout: 60_000 }, () => {
  const { device } = openDemo()

  it('signs up, keeps the session over a reload, signs out and in again', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    await signUpByForm(laptop, ada)
    await laptop.page.reload()
    await seeAccount(laptop, ada)

    await signOut(laptop)
    await laptop.page.reload()
    await seeSignInForm(laptop)
    expect(await sessionCookies(laptop)).toEqual([])

    await signIn(laptop, { ...ada, password: 'wrong horse' })
    await seeFailure(laptop, 'INVALID_CREDENTIALS')
    expect(await laptop.page.getByLabel('E-mail').inputValue()).toBe(ada.email)
    await signIn(laptop, ada)
    await seeAccount(laptop, ada)
  })

  it('refuses a taken address and a short password with message and code', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    await signUp(laptop, ada)
    await signOut(laptop)
    await laptop.page.getByRole('link', { name: 'Create an account' }).click()
    await laptop.page.getByLabel('Name').fill('Another')
    await laptop.page.getByLabel('E-mail').fill(ada.email)
    await laptop.page.getByLabel('Password', { exact: true }).fill('short')
    await laptop.page.keyboard.press('Enter')
    await seeFailure(laptop, 'PASSWORD_TOO_SHORT')
    await laptop.page.getByLabel('Password', { exact: true }).fill('long enough')
    await laptop.page.keyboard.press('Enter')
    await seeFailure(laptop, 'EMAIL_ALREADY_IN_USE')
  })

  it('sets cookies scripts cannot read, for a week or for the browser session', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    await signUp(laptop, ada)
    const [cookie, ...others] = await sessionCookies(laptop)
    expect(others).toEqual([])
    expect(cookie).toMatchObject({
      name: 'better-auth.session_token',
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: false,
    })
    expect(cookie?.expires).toBeGreaterThan(Date.now() / 1000 + 6.9 * 86_400)
    expect(await laptop.page.evaluate(() => document.cookie)).toBe('')

    await signOut(laptop)
    await laptop.page.getByLabel('Remember me').uncheck()
    await laptop.page.getByLabel('E-mail').fill(ada.email)
    await laptop.page.getByLabel('Password', { exact: true }).fill(ada.password)
    await laptop.page.keyboard.press('Enter')
    await seeAccount(laptop, ada)
    const kept = await sessionCookies(laptop)
    expect(kept.map(({ name }) => name).sort()).toEqual(['better-auth.dont_remember', 'better-auth.session_token'])
    for (const one of kept) expect(one).toMatchObject({ expires: -1, httpOnly: true, sameSite: 'Lax' })
  })

  it('lists the sessions of two devices and signs the other one out', async () => {
    const laptop = await device()
    const desktop = await device(firefoxOnWindows)
    const ada = newPerson('Ada')
    await signUp(laptop, ada)
    await signIn(desktop, ada)
    await seeAccount(desktop, ada)

    await laptop.page.getByRole('button', { name: 'Refresh' }).click()
    await seeSessionCount(laptop, 2)
    const rows = laptop.page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
    expect(await rows.nth(0).textContent()).toMatch(/Chrome on \w+\s*this device/)
    expect(await rows.nth(1).textContent()).toContain('Firefox on Windows')

    await laptop.page.getByRole('button', { name: 'Revoke the session Firefox on Windows' }).click()
    await seeNotice(laptop, 'The session is revoked.')
    await seeSessionCount(laptop, 1)
    await seeAccount(laptop, ada)
    await desktop.page.reload()
    await seeSignInForm(desktop)
  })

  it('signs out the other devices, then everywhere', async () => {
    const laptop = await device()
    const desktop = await device(firefoxOnWindows)
    const ada = newPerson('Ada')
    await signUp(laptop, ada)
    await signIn(desktop, ada)
    await seeSessionCount(desktop, 2)
    await desktop.page.getByRole('button', { name: 'Sign out other devices' }).click()
    await seeSessionCount(desktop, 1)
    await laptop.page.reload()
    await seeSignInForm(laptop)

    await signIn(laptop, ada)
    await seeSessionCount(laptop, 2)
    await laptop.page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await seeSignInForm(laptop)
    await desktop.page.reload()
    await seeSignInForm(desktop)
  })

  it('changes the password and signs out the other device', async () => {
    const laptop = await device()
    const desktop = await device(firefoxOnWindows)
    const ada = newPerson('Ada')
    const next = { ...ada, password: 'battery staple' }
    await signUp(laptop, ada)
    await signIn(desktop, ada)
    await seeAccount(desktop, ada)

    const form = laptop.page.getByRole('form', { name: 'Change password' })
    await form.getByLabel('Current password', { exact: true }).fill('wrong horse')
    await form.getByLabel('New password', { exact: true }).fill(next.password)
    await form.getByRole('button', { name: 'Change password' }).click()
    await seeFailure(laptop, 'INVALID_PASSWORD')
    await form.getByLabel('Current password', { exact: true }).fill(ada.password)
    await form.getByRole('button', { name: 'Change password' }).click()
    await seeNotice(laptop, 'Your password is changed.')
    await laptop.page.reload()
    await seeAccount(laptop, ada)

    await desktop.page.reload()
    await seeSignInForm(desktop)
    await signIn(desktop, ada)
    await seeFailure(desktop, 'INVALID_CREDENTIALS')
    await signIn(desktop, next)
    await seeAccount(desktop, ada)
  })

  it('resets a forgotten password through the link in the dev inbox, once', async () => {
    const laptop = await device()
    const desktop = await device(firefoxOnWindows)
    const ada = newPerson('Ada')
    const next = { ...ada, password: 'battery staple' }
    await signUp(desktop, ada)

    await laptop.page.goto('/')
    await laptop.page.getByRole('link', { name: 'Forgot password?' }).click()
    await laptop.page.getByLabel('E-mail').fill(ada.email)
    await laptop.page.getByRole('button', { name: 'Send the link' }).click()
    const link = mailTo(laptop, ada.email).getByRole('link', { name: 'Choose a new password' })
    const address = (await link.getAttribute('href')) ?? ''
    await link.click()
    await laptop.page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await laptop.page.getByLabel('New password', { exact: true }).fill(next.password)
    await laptop.page.getByRole('button', { name: 'Save password' }).click()
    await seeSignInForm(laptop)

    await desktop.page.reload()
    await seeSignInForm(desktop)
    await signIn(laptop, ada)
    await seeFailure(laptop, 'INVALID_CREDENTIALS')
    await signIn(laptop, next)
    await seeAccount(laptop, ada)

    await laptop.page.goto(address)
    await seeFailure(laptop, 'INVALID_TOKEN')
  })

  it('renames the user and shows the new name to a route of the application', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    await signUp(laptop, ada)
    await laptop.page.getByLabel('Name', { exact: true }).fill('Ada Lovelace')
    await laptop.page.getByRole('button', { name: 'Save name' }).click()
    await seeNotice(laptop, 'Your name is saved.')
    await seeAccount(laptop, { ...ada, name: 'Ada Lovelace' })
    await laptop.page.getByRole('button', { name: 'Call GET /me' }).click()
    await laptop.page.locator('pre').getByText('"hello": "Ada Lovelace"').waitFor()
  })

  it('can be used with the keyboard alone, and tells screen readers about a new view', async () => {
    const { page, ...laptop } = await device()
    const ada = newPerson('Ada')
    const focused = () => page.evaluate(() => document.activeElement?.textContent)
    await page.goto('/')
    await seeSignInForm({ page })
    await page.keyboard.press('Tab')
    for (let step = 0; step < 20 && (await focused()) !== 'Create an account'; step++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Create an account' }).waitFor()
    expect(await focused()).toBe('Create an account')
    expect(await page.title()).toBe('Create an account · Kernia demo')
    await page.getByLabel('Name').focus()
    for (const text of [ada.name, ada.email, ada.password]) {
      await page.keyboard.type(text)
      await page.keyboard.press('Tab')
    }
    await page.getByLabel('Password', { exact: true }).focus()
    await page.keyboard.press('Enter')
    await seeAccount({ page, ...laptop }, ada)
    const nameless = page.locator('button, input:not([hidden]), select, a').filter({ visible: true })
    for (const control of await nameless.all()) {
      const name = await control.evaluate(element => {
        const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
        return element.ariaLabel || element.textContent || labels.map(label => label.textContent).join('')
      })
      expect(name, await control.evaluate(element => element.outerHTML)).toBeTruthy()
    }
  })

  it('leads to the API reference, which loads nothing from elsewhere', async () => {
    const laptop = await device()
    await laptop.page.goto('/')
    await laptop.page.getByRole('link', { name: 'API reference' }).click()
    await laptop.page.waitForURL('**/api/auth/reference')
    // It draws all operations of all plugins, which takes a busy machine its time.
    await laptop.page.getByRole('heading').first().waitFor({ timeout: 40_000 })
    const document = await laptop.context.request.get('/api/auth/openapi.json')
    expect(await document.json()).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) })
  })

  it('fits a phone without scrolling sideways, signed out and signed in', async () => {
    const phone = await device()
    await phone.page.setViewportSize({ width: 320, height: 640 })
    const overflow = () => phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    await phone.page.goto('/')
    await seeSignInForm(phone)
    expect(await overflow()).toBeLessThanOrEqual(0)
    await signUp(phone, newPerson('Ada'))
    expect(await overflow()).toBeLessThanOrEqual(0)
  })
})
