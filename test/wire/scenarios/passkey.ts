import { generateKeyPairSync } from 'node:crypto'
import { type PasskeyOptions, passkey } from '@better-auth/passkey'
import {
  type Ceremony,
  type CreationOptions,
  createSoftAuthenticator,
  type RequestOptions,
  type SoftAuthenticator,
} from '../../../src/testing/soft-authenticator.ts'
import type { Exchange } from '../exchange.ts'
import { ann, password, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Side, Visitor } from '../side.ts'

function withPasskeys(given: PasskeyOptions = {}): OptionSet {
  return {
    build: mails => ({ appName: 'Acme', emailAndPassword: withMail(mails), plugins: [passkey(given)] }),
    ourPlugins: async () => [(await import('../../../routers/passkey/index.ts')).passkey(given as never)],
  }
}

// Both servers are shown the same credentials; the ids have no characters that would end an id for the comparison.
const prepared = ['first', 'other'].map(name => ({
  id: Buffer.from(`${name}Credential`.padEnd(32, 'x'), 'base64url'),
  privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
}))

const field = (exchange: Exchange, name: string): string =>
  String((exchange.json as Record<string, unknown> | null)?.[name])

/** A page that registers or signs in, and how its browser and authenticator lie. */
interface Page {
  side: Side
  browser: Visitor
  authenticator: SoftAuthenticator
  lie?: Partial<Ceremony>
}

async function register({ side, browser, authenticator, lie }: Page, step: string, more: object = {}) {
  const asked = await browser.get(`${step}-options`, '/passkey/generate-register-options')
  const made = authenticator.create(asked.json as CreationOptions, { origin: side.origin, ...lie })
  const { clientExtensionResults: _unsent, ...response } = made
  return browser.post(step, '/passkey/verify-registration', { response, ...more })
}

async function signIn({ side, browser, authenticator, lie }: Page, step: string) {
  const asked = await browser.get(`${step}-options`, '/passkey/generate-authenticate-options')
  const made = authenticator.get(asked.json as RequestOptions, { origin: side.origin, ...lie })
  const { clientExtensionResults: _unsent, ...response } = made
  await browser.post(step, '/passkey/verify-authentication', { response })
  return response
}

const passkeys: Scenario = {
  name: 'passkey',
  options: withPasskeys(),
  async run(side) {
    await withoutSession(side.visitor())
    const browser = side.visitor()
    await browser.post('passkey.account', '/sign-up/email', ann)
    await browser.get('passkey.list-none', '/passkey/list-user-passkeys')
    const authenticator = createSoftAuthenticator({ prepared })
    const page = { side, browser, authenticator }
    const made = await register(page, 'passkey.register', { name: 'Laptop' })
    await browser.get('passkey.options-platform', '/passkey/generate-register-options?authenticatorAttachment=platform')
    await browser.get('passkey.options-name', '/passkey/generate-register-options?name=Anna')
    await browser.get('passkey.options-bad', '/passkey/generate-register-options?authenticatorAttachment=other')
    await browser.get('passkey.options-signed-in', '/passkey/generate-authenticate-options')
    await browser.get('passkey.list', '/passkey/list-user-passkeys')
    const other = side.visitor()
    const response = await signIn({ ...page, browser: other }, 'passkey.sign-in')
    await other.get('passkey.session', '/get-session')
    await other.post('passkey.repeated', '/passkey/verify-authentication', { response })
    await manage(side, browser, field(made, 'id'))
    await signIn({ ...page, browser: side.visitor() }, 'passkey.deleted')
  },
}

async function withoutSession(stranger: Visitor): Promise<void> {
  await stranger.get('passkey.no-session-options', '/passkey/generate-register-options')
  await stranger.get('passkey.no-session-list', '/passkey/list-user-passkeys')
  await stranger.post('passkey.no-session-verify', '/passkey/verify-registration', { response: {} })
  await stranger.post('passkey.no-session-update', '/passkey/update-passkey', { id: 'x', name: 'x' })
  await stranger.post('passkey.no-session-delete', '/passkey/delete-passkey', { id: 'x' })
  await stranger.post('passkey.no-challenge', '/passkey/verify-authentication', { response: { id: 'x' } })
  await stranger.post('passkey.no-response', '/passkey/verify-authentication', {})
}

async function manage(side: Side, browser: Visitor, id: string): Promise<void> {
  const ben = side.visitor()
  await ben.post('passkey.ben', '/sign-up/email', { name: 'Ben', email: 'ben@example.com', password })
  await ben.post('passkey.foreign-update', '/passkey/update-passkey', { id, name: 'Mine' })
  await ben.post('passkey.foreign-delete', '/passkey/delete-passkey', { id })
  await ben.get('passkey.foreign-list', '/passkey/list-user-passkeys')
  await browser.post('passkey.update', '/passkey/update-passkey', { id, name: 'Old laptop' })
  await browser.post('passkey.update-empty', '/passkey/update-passkey', { id, name: '' })
  await browser.post('passkey.update-no-name', '/passkey/update-passkey', { id })
  await browser.post('passkey.update-unknown', '/passkey/update-passkey', { id: 'unknown', name: 'x' })
  await browser.post('passkey.delete', '/passkey/delete-passkey', { id })
  await browser.post('passkey.delete-again', '/passkey/delete-passkey', { id })
}

const lies: Scenario = {
  name: 'passkey-lies',
  options: withPasskeys(),
  async run(side) {
    const browser = side.visitor()
    await browser.post('passkey-lies.account', '/sign-up/email', ann)
    const page = (lie: Partial<Ceremony> = {}) => ({
      side,
      browser,
      authenticator: createSoftAuthenticator({ prepared }),
      lie,
    })
    await register(page({ origin: 'https://evil.example' }), 'passkey-lies.register-origin')
    await register(page({ challenge: 'AAAA' }), 'passkey-lies.register-challenge')
    await register(page({ type: 'webauthn.get' }), 'passkey-lies.register-type')
    await register(page({ rpId: 'evil.example' }), 'passkey-lies.register-party')
    const own = page()
    await register(own, 'passkey-lies.register')
    const at = (lie: Partial<Ceremony>) => ({ ...own, browser: side.visitor(), lie })
    await signIn(at({ origin: 'https://evil.example' }), 'passkey-lies.origin')
    await signIn(at({ challenge: 'AAAA' }), 'passkey-lies.challenge')
    await signIn(at({ type: 'webauthn.create' }), 'passkey-lies.type')
    await signIn(at({ userPresent: false }), 'passkey-lies.absent')
    await signIn(at({}), 'passkey-lies.sign-in')
  },
}

const options: Scenario = {
  name: 'passkey-options',
  options: withPasskeys({
    rpID: 'localhost',
    rpName: 'Acme accounts',
    authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
    advanced: { webAuthnChallengeCookie: 'own-challenge' },
  }),
  async run(side) {
    const browser = side.visitor()
    await browser.post('passkey-options.account', '/sign-up/email', ann)
    const page = { side, browser, authenticator: createSoftAuthenticator({ prepared, counts: true }) }
    await register(page, 'passkey-options.register')
    await signIn({ ...page, browser: side.visitor() }, 'passkey-options.sign-in')
    await browser.get('passkey-options.list', '/passkey/list-user-passkeys')
  },
}

export const passkeyScenarios: Scenario[] = [passkeys, lies, options]
