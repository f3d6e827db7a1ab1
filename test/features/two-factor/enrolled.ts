import { type TwoFactorOptions, twoFactor } from '../../../routers/two-factor/index.ts'
import type { KerniaOptions } from '../../../src/index.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'
import type { StartInstance, TestInstance } from '../every-instance.ts'
import { scan } from './authenticator.ts'

/** A code that was sent. */
export interface Sent {
  otp: string
  to: string
}

type Rest = Omit<KerniaOptions, 'plugins' | 'user' | 'session'>

export async function startInMemory(options: Parameters<StartInstance>[0] = {}): Promise<TestInstance> {
  const test = createTestAuth(options)
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [], limit: 1000 })
  return { ...test, visit: () => visit(test.auth), rows } as TestInstance
}

/** An instance with the plugin, and the codes it sends. */
export async function startWithTwoFactor(
  options: TwoFactorOptions = {},
  { start = startInMemory, ...rest }: Rest & { start?: StartInstance } = {},
) {
  const sent: Sent[] = []
  const sendOTP: NonNullable<TwoFactorOptions['otpOptions']>['sendOTP'] = ({ user, otp }) =>
    void sent.push({ otp, to: user.email })
  const plugin = twoFactor({ ...options, otpOptions: { sendOTP, ...options.otpOptions } })
  const test = await start({ ...rest, plugins: [plugin] })
  return { ...test, sent }
}

/** The same with Ann, whose second factor is on. */
export async function startEnrolled(...given: Parameters<typeof startWithTwoFactor>) {
  const test = await startWithTwoFactor(...given)
  const browser = test.visit()
  await browser.post('/sign-up/email', ann)
  const enabled = await browser.post('/two-factor/enable', { password: ann.password })
  const app = scan(String(enabled.body.totpURI), test.clock)
  const verified = await browser.post('/two-factor/verify-totp', { code: app.code() })
  if (verified.status !== 200) throw new Error(`enrolment failed: ${verified.text}`)
  const backupCodes = enabled.body.backupCodes as string[]
  // The code of this step is used.
  test.clock.advance(30)
  return { ...test, browser, app, backupCodes, enabled, verified }
}

/** A browser in which Ann has given her password, and not her second factor. */
export async function challenged({ visit: open }: { visit(): Visitor }, more: object = {}): Promise<Visitor> {
  const browser = open()
  const answer = await browser.post('/sign-in/email', { email: ann.email, password: ann.password, ...more })
  if (answer.body.twoFactorRedirect !== true) throw new Error(`no challenge: ${answer.text}`)
  return browser
}
