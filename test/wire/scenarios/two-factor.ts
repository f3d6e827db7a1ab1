import { createHmac } from 'node:crypto'
import { twoFactorClient } from 'better-auth/client/plugins'
import { type TwoFactorOptions, twoFactor } from 'better-auth/plugins'
import type { Exchange } from '../exchange.ts'
import { ann, password, type Scenario, withMail } from '../scenario.ts'
import type { Mail, OptionSet } from '../servers.ts'
import type { Side, Visitor } from '../side.ts'

const plugins = [twoFactorClient()]
const signIn = { email: ann.email, password }

type Settings = Omit<TwoFactorOptions, 'otpOptions' | 'schema'>

function withTwoFactor(settings: Settings = {}, { sends = true } = {}): OptionSet {
  const options = (mails: Mail[]) => ({
    issuer: 'Acme',
    backupCodeOptions: { customBackupCodesGenerate: () => ['first-code1', 'other-code2', 'third-code3'] },
    ...(sends && {
      otpOptions: {
        sendOTP: async ({ user, otp }: { user: { email: string }; otp: string }) =>
          void mails.push(sent(user.email, otp)),
      },
    }),
    ...settings,
  })
  return {
    build: mails => ({ appName: 'Acme', emailAndPassword: withMail(mails), plugins: [twoFactor(options(mails))] }),
    ourPlugins: async mails => [(await import('../../../routers/two-factor/index.ts')).twoFactor(options(mails))],
  }
}

// What is random is kept out of the comparison, and at hand for the steps that follow.
function sent(to: string, otp: string): Mail {
  return Object.defineProperty({ kind: 'otp', to, digits: otp.length }, 'otp', { value: otp })
}

/** The code of an authenticator (RFC 6238), some time steps from now. */
function codeOf(uri: string, steps = 0): string {
  const secret = fromBase32(new URL(uri).searchParams.get('secret') ?? '')
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const number = mac.readUInt32BE(mac.readUInt8(19) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const digit = (character: string) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character)
  const bits = [...text].map(character => digit(character).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
}

interface Enrolled {
  browser: Visitor
  uri: string
  backupCodes: string[]
}

const field = (exchange: Exchange, name: string) => (exchange.json as Record<string, unknown>)[name]

/** Ann with her second factor on; the code of the time step before was used for it. */
async function enrol(side: Side, prefix: string): Promise<Enrolled> {
  const browser = side.visitor()
  await browser.post(`${prefix}.account`, '/sign-up/email', ann)
  const enabled = await browser.client(`${prefix}.enable`, client => client.twoFactor.enable({ password }), plugins)
  const uri = String(field(enabled, 'totpURI'))
  const code = codeOf(uri, -1)
  await browser.client(`${prefix}.verify`, client => client.twoFactor.verifyTotp({ code }), plugins)
  return { browser, uri, backupCodes: field(enabled, 'backupCodes') as string[] }
}

async function challenge(side: Side, step: string, more: object = {}): Promise<Visitor> {
  const browser = side.visitor()
  await browser.post(step, '/sign-in/email', { ...signIn, ...more })
  return browser
}

const enrolment: Scenario = {
  name: 'two-factor',
  options: withTwoFactor(),
  async run(side) {
    const stranger = side.visitor()
    for (const path of ['enable', 'disable', 'get-totp-uri', 'generate-backup-codes']) {
      await stranger.post(`two-factor.no-session-${path}`, `/two-factor/${path}`, { password })
    }
    for (const path of ['verify-totp', 'verify-otp', 'verify-backup-code']) {
      await stranger.post(`two-factor.no-cookie-${path}`, `/two-factor/${path}`, { code: '123456' })
      await stranger.post(`two-factor.no-code-${path}`, `/two-factor/${path}`, {})
    }
    await stranger.post('two-factor.no-cookie-send-otp', '/two-factor/send-otp', {})
    for (const path of ['view-backup-codes', 'generate-totp']) {
      await stranger.post(`two-factor.server-only-${path}`, `/two-factor/${path}`, { userId: 'x', secret: 'x' })
    }
    const browser = side.visitor()
    await browser.post('two-factor.account', '/sign-up/email', ann)
    await early(browser)
    const enabled = await browser.post('two-factor.enable', '/two-factor/enable', { password, issuer: 'Other' })
    await side.visitor().post('two-factor.not-yet', '/sign-in/email', signIn)
    const uri = String(field(enabled, 'totpURI'))
    await browser.post('two-factor.wrong-code', '/two-factor/verify-totp', { code: '000000' })
    await browser.post('two-factor.code-not-a-string', '/two-factor/verify-totp', { code: 123456 })
    await browser.post('two-factor.verify', '/two-factor/verify-totp', { code: codeOf(uri, -1) })
    await browser.get('two-factor.session', '/get-session')
    await browser.client('two-factor.uri', client => client.twoFactor.getTotpUri({ password }), plugins)
    await browser.post('two-factor.uri-wrong', '/two-factor/get-totp-uri', { password: 'not the password' })
    await browser.client('two-factor.codes', client => client.twoFactor.generateBackupCodes({ password }), plugins)
    await browser.post('two-factor.codes-wrong', '/two-factor/generate-backup-codes', { password: 'not the password' })
    await browser.post('two-factor.disable-wrong', '/two-factor/disable', { password: 'not the password' })
    await browser.client('two-factor.disable', client => client.twoFactor.disable({ password }), plugins)
    await browser.get('two-factor.session-after', '/get-session')
    await side.visitor().post('two-factor.off', '/sign-in/email', signIn)
  },
}

/** What is asked for before there is a second factor. */
async function early(browser: Visitor): Promise<void> {
  await browser.post('two-factor.early-totp', '/two-factor/verify-totp', { code: '123456' })
  await browser.post('two-factor.early-otp', '/two-factor/verify-otp', { code: '123456' })
  await browser.post('two-factor.early-backup', '/two-factor/verify-backup-code', { code: '123456' })
  await browser.post('two-factor.early-uri', '/two-factor/get-totp-uri', { password })
  await browser.post('two-factor.early-codes', '/two-factor/generate-backup-codes', { password })
  await browser.post('two-factor.enable-wrong', '/two-factor/enable', { password: 'not the password' })
  await browser.post('two-factor.enable-no-password', '/two-factor/enable', {})
  await browser.post('two-factor.update-user', '/update-user', { twoFactorEnabled: true })
}

const signIns: Scenario = {
  name: 'two-factor-sign-in',
  options: withTwoFactor(),
  async run(side) {
    const { uri, backupCodes } = await enrol(side, 'two-factor-in')
    await side.visitor().post('two-factor-in.wrong-password', '/sign-in/email', { ...signIn, password: 'wrong one' })
    const browser = side.visitor()
    await browser.client('two-factor-in.challenge', client => client.signIn.email(signIn), plugins)
    await browser.get('two-factor-in.no-session', '/get-session')
    await browser.post('two-factor-in.wrong', '/two-factor/verify-totp', { code: '000000' })
    const code = codeOf(uri)
    await browser.client('two-factor-in.totp', client => client.twoFactor.verifyTotp({ code }), plugins)
    await browser.get('two-factor-in.session', '/get-session')

    const forgetful = await challenge(side, 'two-factor-in.forgetful', { rememberMe: false })
    await forgetful.post('two-factor-in.forgetful-totp', '/two-factor/verify-totp', { code: codeOf(uri, 1) })

    const backup = await challenge(side, 'two-factor-in.for-backup')
    await backup.post('two-factor-in.backup-wrong', '/two-factor/verify-backup-code', { code: 'wrong' })
    const checked = { code: backupCodes[0] ?? '', disableSession: true }
    await backup.post('two-factor-in.backup-check', '/two-factor/verify-backup-code', checked)
    await backup.post('two-factor-in.backup-used', '/two-factor/verify-backup-code', { code: checked.code })
    const next = { code: backupCodes[1] ?? '' }
    await backup.client('two-factor-in.backup', client => client.twoFactor.verifyBackupCode(next), plugins)
    const trusting = await challenge(side, 'two-factor-in.to-trust')
    const last = { code: backupCodes[2] ?? '', trustDevice: true }
    await trusting.post('two-factor-in.trust', '/two-factor/verify-backup-code', last)
    await trusting.post('two-factor-in.trusted', '/sign-in/email', signIn)
    await trusting.post('two-factor-in.disable', '/two-factor/disable', { password })
  },
}

const sentCodes: Scenario = {
  name: 'two-factor-otp',
  options: withTwoFactor({ totpOptions: { disable: true } }),
  async run(side) {
    const browser = side.visitor()
    await browser.post('two-factor-otp.account', '/sign-up/email', ann)
    await browser.post('two-factor-otp.no-totp', '/two-factor/verify-totp', { code: '123456' })
    await browser.post('two-factor-otp.no-uri', '/two-factor/get-totp-uri', { password })
    await browser.client('two-factor-otp.send', client => client.twoFactor.sendOtp({}), plugins)
    await browser.post('two-factor-otp.enrol-wrong', '/two-factor/verify-otp', { code: 'wrong' })
    await browser.post('two-factor-otp.enrol', '/two-factor/verify-otp', { code: side.lastMail().otp })
    await browser.get('two-factor-otp.session', '/get-session')

    const next = await challenge(side, 'two-factor-otp.challenge')
    await next.post('two-factor-otp.not-sent', '/two-factor/verify-otp', { code: '123456' })
    await next.post('two-factor-otp.send-in', '/two-factor/send-otp')
    const code = String(side.lastMail().otp)
    await next.client('two-factor-otp.sign-in', client => client.twoFactor.verifyOtp({ code }), plugins)

    const guesser = await challenge(side, 'two-factor-otp.guesser')
    await guesser.post('two-factor-otp.send-guesser', '/two-factor/send-otp', {})
    for (let index = 1; index <= 6; index += 1) {
      await guesser.post(`two-factor-otp.guess-${index}`, '/two-factor/verify-otp', { code: 'wrong' })
    }
  },
}

const unconfigured: Scenario = {
  name: 'two-factor-options',
  options: withTwoFactor(
    {
      skipVerificationOnEnable: true,
      totpOptions: { digits: 8, period: 60 },
      backupCodeOptions: { amount: 3, length: 6 },
      twoFactorCookieMaxAge: 120,
    },
    { sends: false },
  ),
  async run(side) {
    const browser = side.visitor()
    await browser.post('two-factor-options.account', '/sign-up/email', ann)
    await browser.post('two-factor-options.no-otp', '/two-factor/send-otp', {})
    await browser.post('two-factor-options.enable', '/two-factor/enable', { password })
    await browser.get('two-factor-options.session', '/get-session')
    await challenge(side, 'two-factor-options.challenge')
  },
}

export const twoFactorScenarios: Scenario[] = [enrolment, signIns, sentCodes, unconfigured]
