import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { qrModules } from '../../examples/demo/page/account/qr/modules.ts'
import { skipWithoutChromium } from '../support/chromium.ts'
import { addAuthenticator, totp } from './authenticator.ts'
import {
  type Device,
  mailTo,
  newPerson,
  type Person,
  seeAccount,
  seeFailure,
  seeNotice,
  seeSignInForm,
  sessionCookies,
  signIn,
  signOut,
  signUp,
} from './demo-page.ts'
import { openDemo } from './open-demo.ts'

/** Signs up and turns the second factor on. */
async function turnOn(device: Device, person: Person) {
  const { page } = device
  await signUp(device, person)
  await page.getByLabel('Your password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Set up an app' }).click()
  await page.getByRole('img', { name: 'The key as a QR code' }).waitFor()
  const secret = (await page.getByTestId('totp-secret').textContent()) ?? ''
  const backupCodes = await page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem').allTextContents()
  const firstCode = totp(secret, 0)
  await page.getByLabel('Code of the app').fill(firstCode)
  await page.getByRole('button', { name: 'Turn on' }).click()
  await seeNotice(device, 'The second factor is on.')
  return { secret, backupCodes, firstCode }
}

async function seeChallenge(device: Device): Promise<void> {
  await device.page.getByRole('heading', { name: 'Second factor' }).waitFor()
  expect((await sessionCookies(device)).map(({ name }) => name)).not.toContain('better-auth.session_token')
}

async function prove({ page }: Device, code: string, label = 'Code'): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(code)
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
}

describe.skipIf(skipWithoutChromium())('second factors and passkeys in a real browser', { timeout: 60_000 }, () => {
  const { device } = openDemo()

  it('asks for a code of the app after the password, and not on a trusted device', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    const { secret, firstCode } = await turnOn(laptop, ada)
    await signOut(laptop)
    await signIn(laptop, ada)
    await seeChallenge(laptop)
    // The code that turned it on is used up.
    await prove(laptop, firstCode)
    await seeFailure(laptop, 'INVALID_CODE')
    await laptop.page.getByLabel('Trust this device').check()
    await prove(laptop, totp(secret, 1))
    await seeAccount(laptop, ada)

    await signOut(laptop)
    await signIn(laptop, ada)
    await seeAccount(laptop, ada)
    const other = await device()
    await signIn(other, ada)
    await seeChallenge(other)
  })

  it('takes a backup code once, and a mailed code', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    const { backupCodes } = await turnOn(laptop, ada)
    expect(backupCodes).toHaveLength(10)
    const proveByBackupCode = async () => {
      await signOut(laptop)
      await signIn(laptop, ada)
      await seeChallenge(laptop)
      await laptop.page.getByRole('button', { name: 'Use a backup code' }).click()
      await prove(laptop, backupCodes[0] ?? '', 'Backup code')
    }
    await proveByBackupCode()
    await seeAccount(laptop, ada)
    await proveByBackupCode()
    await seeFailure(laptop, 'INVALID_BACKUP_CODE')
    await laptop.page.getByRole('button', { name: 'Mail me a code' }).click()
    await prove(laptop, (await mailTo(laptop, ada.email).locator('.one-time-code').textContent()) ?? '')
    await seeAccount(laptop, ada)
  })

  it('asks for it after a mailed link, too, and turns it off with the password', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    const { secret } = await turnOn(laptop, ada)
    // Otherwise the link would be the first proof of the address, which deletes what was there before.
    await mailTo(laptop, ada.email).getByRole('link', { name: 'Prove the address' }).click()
    await laptop.page.locator('.facts').getByText('verified', { exact: true }).waitFor()
    await signOut(laptop)
    await laptop.page.getByRole('link', { name: 'Sign in by mail' }).click()
    await laptop.page.getByLabel('E-mail').fill(ada.email)
    await laptop.page.getByRole('button', { name: 'Mail me a link' }).click()
    await mailTo(laptop, ada.email).getByRole('link', { name: 'Sign in with this link' }).click()
    await seeChallenge(laptop)
    await prove(laptop, totp(secret, 1))
    await seeAccount(laptop, ada)

    await laptop.page.getByLabel('Your password', { exact: true }).fill(ada.password)
    await laptop.page.getByRole('button', { name: 'Turn off' }).click()
    await seeNotice(laptop, 'The second factor is off.')
    await signOut(laptop)
    await signIn(laptop, ada)
    await seeAccount(laptop, ada)
  })

  it('registers, names and deletes passkeys, signs in with one, and tells the authenticator [control 28]', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    const authenticator = await addAuthenticator(laptop)
    await signUp(laptop, ada)
    await laptop.page.getByLabel('Name of the passkey').fill('Laptop')
    await laptop.page.getByRole('button', { name: 'Add a passkey' }).click()
    await seeNotice(laptop, 'The passkey is added.')
    expect(await authenticator.names()).toEqual([`Laptop of ${ada.email}`])
    await laptop.page.getByRole('button', { name: 'Rename Laptop' }).click()
    await laptop.page.getByLabel('New name').fill('Fingerprint')
    await laptop.page.getByRole('button', { name: 'Save', exact: true }).click()
    await laptop.page.getByRole('button', { name: 'Delete Fingerprint' }).waitFor()
    await expect.poll(authenticator.names).toEqual([`Fingerprint of ${ada.email}`])

    await signOut(laptop)
    await laptop.page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await seeAccount(laptop, ada)

    // Suggested for the e-mail field (conditional UI).
    await authenticator.suggests(true)
    // What was on the page before looks like what comes after.
    const signedIn = laptop.page.waitForResponse(response => response.url().endsWith('/passkey/verify-authentication'))
    await laptop.page.getByRole('button', { name: 'Sign out', exact: true }).click()
    expect((await signedIn).status()).toBe(200)
    await seeAccount(laptop, ada)
    await authenticator.suggests(false)

    await laptop.page.getByRole('button', { name: 'Delete Fingerprint' }).click()
    await seeNotice(laptop, 'It is deleted.')
    await expect.poll(authenticator.names).toEqual([])
  })

  it('forgets a passkey that was deleted elsewhere, once it is used [control 28]', async () => {
    const laptop = await device()
    const ada = newPerson('Ada')
    const authenticator = await addAuthenticator(laptop)
    await signUp(laptop, ada)
    await laptop.page.getByLabel('Name of the passkey').fill('Laptop')
    await laptop.page.getByRole('button', { name: 'Add a passkey' }).click()
    await seeNotice(laptop, 'The passkey is added.')
    await signOut(laptop)
    const phone = await device()
    await signIn(phone, ada)
    await phone.page.getByRole('button', { name: 'Delete Laptop' }).click()
    await seeNotice(phone, 'It is deleted.')
    expect(await authenticator.names()).toHaveLength(1)
    await laptop.page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await seeFailure(laptop, 'PASSKEY_NOT_FOUND')
    await seeSignInForm(laptop)
    await expect.poll(authenticator.names).toEqual([])
  })
})

describe('the QR code of the demo', () => {
  it('is drawn as a decoder of another hand reads it, in every version up to 9', () => {
    const text = 'otpauth://totp/Kernia%20demo:ada@example.com?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
    const sizes = new Map<number, string>()
    for (let length = 1; length <= 230; length++) {
      const rows = qrModules(text.repeat(3).slice(0, length)) ?? []
      const digest = createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16)
      if (!sizes.has(rows.length)) sizes.set(rows.length, digest)
    }
    expect(Object.fromEntries(sizes)).toMatchInlineSnapshot(`
      {
        "21": "9739ad4eb4e1cf4d",
        "25": "105acc5233a33cdd",
        "29": "06a8e1157d8ce92d",
        "33": "c69fa4c39befe9ed",
        "37": "66c278bb72fe6ea3",
        "41": "dcca949e8117b8ca",
        "45": "afde3cae99fc2db3",
        "49": "37d12bfb22eaa8e3",
        "53": "f15d1ce2fc0d5198",
      }
    `)
    expect(qrModules('x'.repeat(231))).toBeNull()
  })
})
