import { describe, expect, it } from 'vitest'
import { skipWithoutChromium } from '../support/chromium.ts'
import {
  type Device,
  mailTo,
  newPerson,
  type Person,
  seeAccount,
  seeFailure,
  seeNotice,
  signIn,
  signOut,
  signUp,
} from './demo-page.ts'
import { openDemo } from './open-demo.ts'

async function signUpProven(device: Device, person: Person): Promise<void> {
  await signUp(device, person)
  await mailTo(device, person.email).getByRole('link', { name: 'Prove the address' }).click()
  await device.page.locator('.facts').getByText('verified', { exact: true }).waitFor()
}

const member = ({ page }: Device, name: string) =>
  page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: name })

async function createOrganization(device: Device, name: string): Promise<void> {
  await device.page.getByRole('link', { name: 'Organizations' }).click()
  await device.page.getByLabel('Name of the organization').fill(name)
  await device.page.getByRole('button', { name: 'Create', exact: true }).click()
  await seeNotice(device, `${name} is created`)
  await device.page.getByRole('heading', { name: `Members of ${name}` }).waitFor()
}

describe.skipIf(skipWithoutChromium())(
  'organizations and administration in a real browser',
  { timeout: 60_000 },
  () => {
    const { device } = openDemo()

    // First, since the first user of the demo is its admin.
    it('lets the first user find, ban and impersonate others', async () => {
      const office = await device()
      const home = await device()
      const boss = newPerson('Boss')
      const ben = newPerson('Ben')
      await signUp(office, boss)
      await signUp(home, ben)
      expect(await home.page.getByRole('link', { name: 'Admin', exact: true }).count()).toBe(0)

      await office.page.getByRole('link', { name: 'Admin', exact: true }).click()
      const users = office.page.getByRole('list', { name: 'Users' }).getByRole('listitem')
      await users.nth(1).waitFor()
      await office.page.getByLabel('Part of the e-mail').fill(ben.email.slice(0, 8))
      await office.page.keyboard.press('Enter')
      await users.filter({ hasText: boss.email }).waitFor({ state: 'detached' })

      await office.page.getByRole('button', { name: `Impersonate ${ben.email}` }).click()
      await seeAccount(office, ben)
      await office.page.getByRole('button', { name: 'Stop impersonating' }).click()
      await office.page.getByRole('heading', { name: 'Administration' }).waitFor()

      await office.page.getByRole('button', { name: `Ban ${ben.email}` }).click()
      await seeNotice(office, 'Ben is banned and signed out.')
      await home.page.reload()
      await signIn(home, ben)
      await seeFailure(home, 'BANNED_USER')
      await office.page.getByRole('button', { name: `Unban ${ben.email}` }).click()
      await seeNotice(office, 'Ben may sign in again.')
      await signIn(home, ben)
      await seeAccount(home, ben)
    })

    it('creates an organization, invites by mail, changes a role, makes a team and removes', async () => {
      const ada = newPerson('Ada')
      const ben = newPerson('Ben')
      const office = await device()
      const home = await device()
      await Promise.all([signUp(office, ada), signUpProven(home, ben)])
      await createOrganization(office, `Engines ${ada.email}`)
      await office.page.getByLabel('E-mail of whom you invite').fill(ben.email)
      await office.page.getByRole('button', { name: 'Invite', exact: true }).click()
      await seeNotice(office, `${ben.email} is invited.`)

      await mailTo(home, ben.email).getByRole('link', { name: 'See the invitation' }).click()
      await home.page.getByRole('button', { name: 'Accept' }).click()
      await seeNotice(home, `You are in Engines ${ada.email} now.`)
      await member(home, ada.name).getByText('owner').waitFor()
      // A member sees who is in, and has nothing to manage with.
      expect(await home.page.getByRole('button', { name: 'Invite', exact: true }).count()).toBe(0)

      await office.page.reload()
      await office.page.getByLabel('Role of Ben').selectOption('admin')
      await seeNotice(office, 'Ben is admin now.')
      await home.page.reload()
      await home.page.getByRole('button', { name: 'Invite', exact: true }).waitFor()

      await office.page.getByLabel('Name of the team').fill('Cogs')
      await office.page.getByRole('button', { name: 'Create team' }).click()
      await office.page.getByRole('button', { name: 'Join Cogs' }).click()
      await office.page.getByRole('button', { name: 'Ben in Cogs' }).click()
      await seeNotice(office, 'Ben is in Cogs now.')
      await home.page.reload()
      await home.page.getByRole('button', { name: 'Ben in Cogs', pressed: true }).waitFor()

      await office.page.getByRole('button', { name: 'Remove Ben' }).click()
      await seeNotice(office, 'Ben is removed.')
      await home.page.reload()
      await home.page.getByText('You are in none yet.').waitFor()
    })

    it('switches between organizations, leaves one and deletes one', async () => {
      const laptop = await device()
      const ada = newPerson('Ada')
      await signUp(laptop, ada)
      await createOrganization(laptop, `First ${ada.email}`)
      await createOrganization(laptop, `Second ${ada.email}`)
      await laptop.page.getByRole('button', { name: `Switch to First ${ada.email}` }).click()
      await laptop.page.getByRole('heading', { name: `Members of First ${ada.email}` }).waitFor()
      await laptop.page.getByRole('button', { name: 'Leave' }).click()
      await seeFailure(laptop, 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER')
      await laptop.page.getByRole('button', { name: 'Delete the organization' }).click()
      await seeNotice(laptop, `First ${ada.email} is deleted.`)
      await laptop.page.getByRole('button', { name: `Switch to Second ${ada.email}` }).waitFor()
      await signOut(laptop)
    })

    it('fits a phone without scrolling sideways', async () => {
      const phone = await device()
      await phone.page.setViewportSize({ width: 320, height: 640 })
      const overflow = () => phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      await signUp(phone, newPerson('Ada'))
      await createOrganization(phone, 'An organization with quite a long name')
      expect(await overflow()).toBeLessThanOrEqual(0)
    })
  },
)
