import { type PasskeyOptions, passkey } from '../../../routers/passkey/index.ts'
import type { AnyPlugin, KerniaOptions } from '../../../src/index.ts'
import {
  type AuthenticationAnswer,
  type Ceremony,
  type CreationOptions,
  createSoftAuthenticator,
  type RegistrationAnswer,
  type RequestOptions,
  type SoftAuthenticator,
} from '../../../src/testing/index.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { type Answer, type Visitor, visit } from '../../support/visitor.ts'
import type { StartInstance, TestInstance } from '../every-instance.ts'

export const ORIGIN = 'http://localhost:3000'

type Rest = Omit<KerniaOptions, 'plugins' | 'user' | 'session'> & {
  start?: StartInstance
  plugins?: readonly AnyPlugin[]
}

/** An instance with the plugin. */
export async function startWithPasskeys(options: PasskeyOptions = {}, rest: Rest = {}): Promise<TestInstance> {
  const { start = startInMemory, plugins = [], ...given } = rest
  return start({ ...given, plugins: [passkey(options), ...plugins] })
}

async function startInMemory(options: Parameters<StartInstance>[0] = {}): Promise<TestInstance> {
  const test = createTestAuth(options)
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [], limit: 1000 })
  return { ...test, visit: () => visit(test.auth), rows } as TestInstance
}

/** What a page that registers a passkey does; `lie` changes what browser and authenticator say. */
export async function register(
  browser: Visitor,
  authenticator: SoftAuthenticator,
  { lie = {}, query = '', name }: { lie?: Partial<Ceremony>; query?: string; name?: string } = {},
): Promise<Answer> {
  const { body } = await browser.get(`/passkey/generate-register-options${query}`)
  const response = authenticator.create(body as unknown as CreationOptions, { origin: ORIGIN, ...lie })
  return send(browser, 'registration', response, name)
}

/** What a page that signs in with a passkey does. */
export async function signIn(
  browser: Visitor,
  authenticator: SoftAuthenticator,
  lie: Partial<Ceremony> = {},
): Promise<Answer> {
  const { body } = await browser.get('/passkey/generate-authenticate-options')
  const response = authenticator.get(body as unknown as RequestOptions, { origin: ORIGIN, ...lie })
  return send(browser, 'authentication', response)
}

/** As the official client does: without the results of extensions. */
export function send(
  browser: Visitor,
  kind: 'registration' | 'authentication',
  { clientExtensionResults: _unsent, ...response }: RegistrationAnswer | AuthenticationAnswer,
  name?: string,
): Promise<Answer> {
  return browser.post(`/passkey/verify-${kind}`, { response, ...(name !== undefined && { name }) })
}

/** Ann, signed in, with a passkey. */
export async function startRegistered(options: PasskeyOptions = {}, rest: Rest & { counts?: boolean } = {}) {
  const { counts, ...given } = rest
  const test = await startWithPasskeys(options, given)
  const browser = test.visit()
  await browser.post('/sign-up/email', ann)
  const authenticator = createSoftAuthenticator({ counts })
  const registered = await register(browser, authenticator, { name: 'Laptop' })
  if (registered.status !== 200) throw new Error(`registration failed: ${registered.text}`)
  return { ...test, browser, authenticator, registered }
}
