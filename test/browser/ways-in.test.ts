import { describe, expect, it } from 'vitest'
import { skipWithoutChromium } from '../support/chromium.ts'
import {
  type Device,
  mailTo,
  newPerson,
  seeAccount,
  seeFailure,
  seeNotice,
  seeSignInForm,
  signOut,
  signUp,
} from './demo-page.ts'
import { openDemo } from './open-demo.ts'

const ada = { name: 'Ada Lovelace', email: 'ada@people.example', password: '' }
const grace = { name: 'Grace Hopper', email: 'grace@people.example', password: '' }

/** On the provider's pages: chooses a login and agrees. */
async function agree({ page }: Device, name: string): Promise<void> {
  await page.getByRole('button', { name }).click()
  await page.getByRole('heading', { name: 'Allow the Kernia demo?' }).waitFor()
  await page.getByRole('button', { name: 'Allow' }).click()
}

const connected = ({ page }: Device) => page.getByRole('list', { name: 'Connected accounts' }).getByRole('listitem')

async function askForMail({ page }: Device, email: string, what: 'link' | 'code'): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'Sign in by mail' }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: `Mail me a ${what}` }).click()
}

describe.skipIf(skipWithoutChromium())('other ways in than a password, in a real browser', { timeout: 60_000 }, () => {
  const { device } = openDemo()

  it('signs up and in again at the bundled provider, and says that there is no password', async () => {
    const laptop = await device()
    await laptop.page.goto('/')
    await laptop.page.getByRole('button', { name: 'Continue with Local ID' }).click()
    await agree(laptop, ada.name)
    await seeAccount(laptop, ada)
    await connected(laptop).filter({ hasText: 'Local ID' }).waitFor()
    expect(await connected(laptop).count()).toBe(1)
    await laptop.page.getByRole('button', { name: 'Mail me a link to set one' }).waitFor()
    const id = await laptop.page.locator('.facts code').textContent()

    await signOut(laptop)
    await laptop.page.getByRole('button', { name: 'Continue with Local ID' }).click()
    await agree(laptop, ada.name)
    await seeAccount(laptop, ada)
    expect(await laptop.page.locator('.facts code').textContent()).toBe(id)
    await laptop.page.getByRole('button', { name: 'Disconnect Local ID' }).click()
    await seeFailure(laptop, 'FAILED_TO_UNLINK_LAST_ACCOUNT')
  })

  it('signs nobody in who denies consent or cancels, and says why', async () => {
    const laptop = await device()
    await laptop.page.goto('/')
    await laptop.page.getByRole('button', { name: 'Continue with Local ID' }).click()
    await laptop.page.getByRole('button', { name: grace.name }).click()
    await laptop.page.getByRole('button', { name: 'Deny' }).click()
    await seeFailure(laptop, 'access_denied')
    await seeSignInForm(laptop)
    expect(new URL(laptop.page.url()).search).toBe('')

    await laptop.page.getByRole('button', { name: 'Continue with Local ID' }).click()
    await laptop.page.getByRole('button', { name: 'Cancel' }).click()
    await seeFailure(laptop, 'access_denied')
    await laptop.page.reload()
    await seeSignInForm(laptop)
    expect(await laptop.page.getByRole('alert').getByText('access_denied').count()).toBe(0)
  })

  it('shows providers without settings as disabled, with what is missing', async () => {
    const laptop = await device()
    await laptop.page.goto('/')
    const github = laptop.page.getByRole('button', { name: 'GitHub' })
    await github.waitFor()
    expect(await github.isDisabled()).toBe(true)
    const hint = laptop.page.locator(`[id="${await github.getAttribute('aria-describedby')}"]`)
    expect(await hint.textContent()).toBe('Not configured: set GITHUB_CLIENT_IDGITHUB_CLIENT_SECRET')
  })

  it('connects a login to an account and takes it away', async () => {
    const laptop = await device()
    const person = newPerson('Pat')
    await signUp(laptop, person)
    await laptop.page.getByRole('button', { name: 'Connect Local ID' }).click()
    await agree(laptop, grace.name)
    await seeAccount(laptop, person)
    await connected(laptop).filter({ hasText: 'Local ID' }).waitFor()
    expect(await connected(laptop).count()).toBe(2)

    await signOut(laptop)
    await laptop.page.getByRole('button', { name: 'Continue with Local ID' }).click()
    await agree(laptop, grace.name)
    await seeAccount(laptop, person)

    await laptop.page.getByRole('button', { name: 'Disconnect Local ID' }).click()
    await seeNotice(laptop, 'It is disconnected.')
    await laptop.page.getByRole('button', { name: 'Connect Local ID' }).waitFor()
    expect(await connected(laptop).allTextContents()).toEqual([expect.stringContaining('Password')])
  })

  it('does not sign in to an account whose address the provider has not verified', async () => {
    const laptop = await device()
    const email = 'mallory@people.example'
    await signUp(laptop, { ...newPerson('Victim'), email })
    await mailTo(laptop, email).getByRole('link', { name: 'Prove the address' }).click()
    await laptop.page.locator('.facts').getByText('verified', { exact: true }).waitFor()
    await signOut(laptop)
    await laptop.page.getByRole('button', { name: 'Continue with Local ID' }).click()
    await agree(laptop, 'Mallory')
    await seeFailure(laptop, 'account_not_linked')
  })

  it('signs up with a link that works once', async () => {
    const laptop = await device()
    const { email } = newPerson('Ada')
    await askForMail(laptop, email, 'link')
    const link = mailTo(laptop, email).getByRole('link', { name: 'Sign in with this link' })
    const address = (await link.getAttribute('href')) ?? ''
    await link.click()
    await seeAccount(laptop, { name: '', email, password: '' })
    await laptop.page.locator('.facts').getByText('verified', { exact: true }).waitFor()
    const other = await device()
    await other.page.goto(address)
    await seeFailure(other, 'INVALID_TOKEN')
  })

  it('signs in with a code after a wrong one', async () => {
    const laptop = await device()
    const { email } = newPerson('Ada')
    await askForMail(laptop, email, 'code')
    const code = (await mailTo(laptop, email).locator('.one-time-code').textContent()) ?? ''
    expect(code).toMatch(/^\d{6}$/)
    await laptop.page.getByLabel('Code', { exact: true }).fill(code === '000000' ? '111111' : '000000')
    await laptop.page.keyboard.press('Enter')
    await seeFailure(laptop, 'INVALID_OTP')
    await laptop.page.getByLabel('Code', { exact: true }).fill(code)
    await laptop.page.keyboard.press('Enter')
    await seeAccount(laptop, { name: '', email, password: '' })
  })

  it('proves the address of a new account by the link that was mailed', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    await signUp(laptop, ada)
    await laptop.page.locator('.facts').getByText('not verified', { exact: true }).waitFor()
    await mailTo(laptop, ada.email).getByRole('link', { name: 'Prove the address' }).click()
    await seeAccount(laptop, ada)
    await laptop.page.locator('.facts').getByText('verified', { exact: true }).waitFor()
  })
})
