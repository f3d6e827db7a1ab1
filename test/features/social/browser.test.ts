import { describe, expect, it, onTestFinished } from 'vitest'
import { launchChromium, skipWithoutChromium } from '../../support/chromium.ts'
import { startOidc } from './oidc-server.ts'

describe.skipIf(skipWithoutChromium())('in a browser', () => {
  it('signs in through the login page of a real OpenID provider', async () => {
    const { url } = await startOidc()
    const browser = await launchChromium()
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.goto(`${url}/ok`)
    // What a frontend does: ask where to go, and go there.
    await page.evaluate(async () => {
      const body = JSON.stringify({ provider: 'oidc', callbackURL: '/api/auth/get-session' })
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch('/api/auth/sign-in/social', { method: 'POST', headers, body })
      location.href = ((await answer.json()) as { url: string }).url
    })
    await page.getByPlaceholder('Enter any login').fill('ada')
    await page.getByPlaceholder('and password').fill('anything')
    await page.getByRole('button', { name: 'Sign-in' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(`${url}/get-session`)
    expect(JSON.parse(String(await page.textContent('pre'))).user).toMatchObject({
      name: 'ada',
      email: 'ada@example.com',
      emailVerified: true,
    })
  }, 60_000)
})
