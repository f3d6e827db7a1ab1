import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'

export type Person = { name: string; email: string; password: string }

/** One device: a browser profile of its own with one tab, and a record of everything that must not happen in it. */
export type Device = { page: Page; context: BrowserContext; origin: string; trouble: string[] }

/** @param origins that of the demo, and others that its pages may lead to */
export async function openDevice(browser: Browser, origins: string[], userAgent?: string): Promise<Device> {
  const context = await browser.newContext({ baseURL: origins[0], userAgent, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const trouble: string[] = []
  page.on('pageerror', error => trouble.push(`uncaught: ${error.message}`))
  page.on('console', message => {
    // Chromium logs every 4xx answer as an error; those a test provokes on purpose are asserted by what the page says.
    const isRefusal = /^Failed to load resource: .* status of 4\d\d/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !isRefusal) trouble.push(`console: ${message.text()}`)
  })
  context.on('request', request => {
    const isOwn = origins.includes(new URL(request.url()).origin) || request.url().startsWith('data:')
    if (!isOwn) trouble.push(`foreign request: ${request.url()}`)
  })
  context.on('response', response => {
    if (response.status() >= 500) trouble.push(`${response.status()} ${response.url()}`)
  })
  return { page, context, origin: origins[0] ?? '', trouble }
}

/** Somebody nobody signed up before, so that tests do not depend on each other. */
export function newPerson(name: string): Person {
  return {
    name,
    email: `${name.toLowerCase()}-${crypto.randomUUID().slice(0, 8)}@example.com`,
    password: 'correct horse',
  }
}

/** Signs up by a request of the browser, where the form is not what the test is about. */
export async function signUp({ page, context, origin }: Device, person: Person): Promise<void> {
  const answer = await context.request.post('/api/auth/sign-up/email', { data: person, headers: { origin } })
  expect(answer.status(), await answer.text()).toBe(200)
  await page.goto('/')
  await seeAccount({ page }, person)
}

export async function signUpByForm({ page }: Device, person: Person): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill(person.name)
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await seeAccount({ page }, person)
}

export async function signIn({ page }: Device, { email, password }: Omit<Person, 'name'>): Promise<void> {
  await page.goto('/')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** The last mail to an address, in the inbox of the page. */
export function mailTo({ page }: Device, email: string) {
  return page.getByRole('complementary').getByRole('listitem').filter({ hasText: email }).first()
}

/** The cookies that say who is signed in; that of a passkey's challenge says nothing. */
export async function sessionCookies({ context }: Device) {
  return (await context.cookies()).filter(({ name }) => !name.endsWith('passkey'))
}

export async function signOut({ page }: Device): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await seeSignInForm({ page })
}

export async function seeAccount({ page }: Pick<Device, 'page'>, { name, email }: Person): Promise<void> {
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
  await page
    .locator('.account-who')
    .filter({ hasText: `Signed in as ${name} · ${email}` })
    .waitFor()
}

export async function seeSignInForm({ page }: Pick<Device, 'page'>): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
}

export async function seeFailure({ page }: Device, code: string): Promise<void> {
  await page.getByRole('alert').getByText(code, { exact: true }).waitFor()
}

export async function seeNotice({ page }: Device, text: string): Promise<void> {
  await page.getByRole('status').getByText(text).waitFor()
}

export async function seeSessionCount({ page }: Device, count: number): Promise<void> {
  await page.getByTestId('session-count').getByText(String(count), { exact: true }).waitFor()
  expect(await page.getByRole('list', { name: 'Sessions' }).getByRole('listitem').count()).toBe(count)
}
