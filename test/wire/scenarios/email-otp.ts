import { emailOTPClient } from 'better-auth/client/plugins'
import { type EmailOTPOptions, emailOTP } from 'better-auth/plugins'
import { ann, otherPassword, password, pause, type Scenario, withMail } from '../scenario.ts'
import type { Mail, OptionSet } from '../servers.ts'
import type { Side } from '../side.ts'

const plugins = [emailOTPClient()]
const ben = { name: 'Ben', email: 'ben@example.com', password }
const otp = '123456'
const wrong = '654321'

type Settings = Omit<EmailOTPOptions, 'sendVerificationOTP'>

function withCodes(settings: Settings = {}, more: object = {}): OptionSet {
  const given = (mails: Mail[]) => ({
    generateOTP: () => otp,
    ...settings,
    sendVerificationOTP: async (mail: object) => void mails.push({ kind: 'otp', ...mail }),
  })
  return {
    build: mails => ({ emailAndPassword: withMail(mails), plugins: [emailOTP(given(mails))], ...more }),
    ourPlugins: async mails => {
      const ours = await import('../../../routers/email-otp/index.ts')
      // The context that callbacks are given has another type, which none of them here looks at.
      return [ours.emailOTP(given(mails) as Parameters<typeof ours.emailOTP>[0])]
    },
  }
}

/** Posts as a new browser. */
const poster = (side: Side, prefix: string) => (step: string, path: string, body: unknown) =>
  side.visitor().post(`${prefix}.${step}`, path, body)

const emailOtp: Scenario = {
  name: 'email-otp',
  options: withCodes(),
  async run(side) {
    await sending(side)
    await signingIn(side)
    await checking(side)
    await verifying(side)
    await resetting(side)
  },
}

async function sending(side: Side): Promise<void> {
  const post = poster(side, 'otp')
  const send = (step: string, body: unknown) => post(`send-${step}`, '/email-otp/send-verification-otp', body)
  const { email } = ann
  const browser = side.visitor()
  await browser.client('otp.send', client => client.emailOtp.sendVerificationOtp({ email, type: 'sign-in' }), plugins)
  for (const type of ['email-verification', 'forget-password', 'change-email', 'nonsense'])
    await send(`unknown-${type}`, { email: 'nobody@example.com', type })
  await send('bad-email', { email: 'not-an-address', type: 'sign-in' })
  await send('empty', {})
  await send('no-type', { email })
}

async function signingIn(side: Side): Promise<void> {
  const post = poster(side, 'otp')
  const signIn = (step: string, body: unknown) => post(`sign-in-${step}`, '/sign-in/email-otp', body)
  const { email } = ann
  await signIn('wrong', { email, otp: wrong })
  await signIn('none', { email: 'nobody@example.com', otp })
  await signIn('empty', {})
  await signIn('no-otp', { email })
  const browser = side.visitor()
  await browser.client(
    'otp.sign-up',
    client => client.signIn.emailOtp({ email, otp, name: 'Ann', image: '/a.png' }),
    plugins,
  )
  await browser.get('otp.session', '/get-session')
  await signIn('again', { email, otp })
  const send = (step: string, type = 'sign-in') => post(step, '/email-otp/send-verification-otp', { email, type })
  await send('mail-next')
  await signIn('known', { email: 'ANN@example.com', otp, name: 'Other' })
  await send('mail-attempts')
  for (let attempt = 1; attempt <= 3; attempt += 1) await signIn(`attempt-${attempt}`, { email, otp: wrong })
  await signIn('exhausted', { email, otp })
  await send('mail-other-type', 'email-verification')
  await signIn('other-type', { email, otp })
}

async function checking(side: Side): Promise<void> {
  const post = poster(side, 'otp')
  const { email } = ann
  const check = (step: string, body: unknown) => post(`check-${step}`, '/email-otp/check-verification-otp', body)
  await post('check-mail', '/email-otp/send-verification-otp', { email, type: 'sign-in' })
  const right = { email, otp, type: 'sign-in' as const }
  await side.visitor().client('otp.check', client => client.emailOtp.checkVerificationOtp(right), plugins)
  await check('again', right)
  await check('wrong', { ...right, otp: wrong })
  await check('other-type', { ...right, type: 'forget-password' })
  await check('unknown', { ...right, email: 'nobody@example.com' })
  await check('bad-email', { ...right, email: 'not-an-address' })
  await check('empty', {})
  await check('wrong-2', { ...right, otp: wrong })
  await check('wrong-3', { ...right, otp: wrong })
  await check('exhausted', right)
}

async function verifying(side: Side): Promise<void> {
  const post = poster(side, 'otp')
  const { email } = ben
  const browser = side.visitor()
  await browser.post('otp.verify-account', '/sign-up/email', ben)
  const verify = (step: string, body: unknown) => post(`verify-${step}`, '/email-otp/verify-email', body)
  await verify('none', { email, otp })
  await post('verify-mail', '/email-otp/send-verification-otp', { email, type: 'email-verification' })
  await verify('wrong', { email, otp: wrong })
  await verify('bad-email', { email: 'not-an-address', otp })
  await verify('empty', {})
  await browser.client('otp.verify', client => client.emailOtp.verifyEmail({ email, otp }), plugins)
  await verify('again', { email, otp })
  await browser.get('otp.verify-session', '/get-session')
}

async function resetting(side: Side): Promise<void> {
  const post = poster(side, 'otp')
  const { email } = ben
  const reset = (step: string, body: unknown) => post(`reset-${step}`, '/email-otp/reset-password', body)
  await side.visitor().client('otp.reset-mail', client => client.emailOtp.requestPasswordReset({ email }), plugins)
  await post('reset-mail-unknown', '/email-otp/request-password-reset', { email: 'nobody@example.com' })
  await post('reset-mail-bad', '/email-otp/request-password-reset', { email: 'not-an-address' })
  await post('reset-mail-empty', '/email-otp/request-password-reset', {})
  await post('reset-mail-deprecated', '/forget-password/email-otp', { email })
  await post('reset-mail-deprecated-unknown', '/forget-password/email-otp', { email: 'nobody@example.com' })
  await reset('wrong', { email, otp: wrong, password: otherPassword })
  await reset('none', { email: 'nobody@example.com', otp, password: otherPassword })
  await reset('empty', {})
  await side
    .visitor()
    .client('otp.reset', client => client.emailOtp.resetPassword({ email, otp, password: otherPassword }), plugins)
  await reset('again', { email, otp, password })
  await post('reset-sign-in-old', '/sign-in/email', ben)
  await post('reset-sign-in-new', '/sign-in/email', { email, password: otherPassword })
  await post('reset-mail-short', '/email-otp/request-password-reset', { email })
  await reset('short', { email, otp, password: '1234567' })
  await post('reset-mail-long', '/email-otp/request-password-reset', { email })
  await reset('long', { email, otp, password: 'x'.repeat(129) })
  // A user without a password gets one.
  await post('reset-mail-none-yet', '/email-otp/request-password-reset', { email: ann.email })
  await reset('first', { email: ann.email, otp, password: otherPassword })
  await post('reset-first-sign-in', '/sign-in/email', { email: ann.email, password: otherPassword })
}

const emailOtpPlanted: Scenario = {
  name: 'email-otp-planted',
  options: withCodes(),
  async run(side) {
    const planter = side.visitor()
    await planter.post('otp-planted.account', '/sign-up/email', ben)
    const { email } = ben
    const post = poster(side, 'otp-planted')
    await post('mail', '/email-otp/send-verification-otp', { email, type: 'sign-in' })
    const owner = side.visitor()
    await owner.post('otp-planted.first-proof', '/sign-in/email-otp', { email, otp })
    await owner.get('otp-planted.owner-session', '/get-session')
    await planter.get('otp-planted.session', '/get-session')
    await post('password', '/sign-in/email', ben)
  },
}

const emailOtpExpiry: Scenario = {
  name: 'email-otp-expiry',
  options: withCodes({ expiresIn: 1, disableSignUp: true }),
  async run(side) {
    const post = poster(side, 'otp-expiry')
    const { email } = ann
    await post('account', '/sign-up/email', ann)
    await post('mail-unknown', '/email-otp/send-verification-otp', { email: 'nobody@example.com', type: 'sign-in' })
    await post('unknown', '/sign-in/email-otp', { email: 'nobody@example.com', otp })
    const types = ['sign-in', 'email-verification', 'forget-password']
    for (const type of types) await post(`mail-${type}`, '/email-otp/send-verification-otp', { email, type })
    await pause(1200)
    await post('sign-in', '/sign-in/email-otp', { email, otp })
    await post('sign-in-again', '/sign-in/email-otp', { email, otp })
    await post('verify', '/email-otp/verify-email', { email, otp })
    await post('reset', '/email-otp/reset-password', { email, otp, password: otherPassword })
    await post('mail-check', '/email-otp/send-verification-otp', { email, type: 'sign-in' })
    await pause(1200)
    await post('check', '/email-otp/check-verification-otp', { email, otp, type: 'sign-in' })
  },
}

const verificationMail = (mails: Mail[]) => ({
  emailVerification: {
    sendVerificationEmail: async (data: object) => void mails.push({ kind: 'verify', ...data }),
    beforeEmailVerification: async (user: object) => void mails.push({ kind: 'before', user }),
    afterEmailVerification: async (user: object) => void mails.push({ kind: 'after', user }),
    autoSignInAfterVerification: true,
  },
})

function withVerification(settings: Settings, passwords: object = {}): OptionSet {
  const set = withCodes(settings)
  return {
    ...set,
    build: (mails, origin) => ({
      ...set.build(mails, origin),
      emailAndPassword: { ...withMail(mails), ...passwords },
      ...verificationMail(mails),
    }),
  }
}

const emailOtpOnSignUp: Scenario = {
  name: 'email-otp-on-sign-up',
  options: withVerification({ sendVerificationOnSignUp: true }),
  async run(side) {
    const browser = side.visitor()
    await browser.post('otp-sign-up.account', '/sign-up/email', ann)
    await browser.post('otp-sign-up.taken', '/sign-up/email', ann)
    await side.visitor().post('otp-sign-up.verify', '/email-otp/verify-email', { email: ann.email, otp })
    await browser.get('otp-sign-up.session', '/get-session')
    await browser.post('otp-sign-up.link', '/send-verification-email', { email: ann.email })
  },
}

/** A link of the application's own goes before it. */
const emailOtpOverridden: Scenario = {
  name: 'email-otp-overridden',
  options: withVerification({ overrideDefaultEmailVerification: true }, { requireEmailVerification: true }),
  async run(side) {
    const post = poster(side, 'otp-overridden')
    await post('account', '/sign-up/email', ann)
    await post('send', '/send-verification-email', { email: ann.email })
  },
}

const emailOtpOverride: Scenario = {
  name: 'email-otp-override',
  options: {
    ...withCodes({ overrideDefaultEmailVerification: true }),
    build: mails => ({
      ...withCodes({ overrideDefaultEmailVerification: true }).build(mails, ''),
      emailAndPassword: { ...withMail(mails), requireEmailVerification: true },
    }),
  },
  async run(side) {
    const post = poster(side, 'otp-override')
    await post('account', '/sign-up/email', ann)
    await post('not-verified', '/sign-in/email', { email: ann.email, password })
    await post('send', '/send-verification-email', { email: ann.email })
    await post('send-unknown', '/send-verification-email', { email: 'nobody@example.com' })
    await post('verify', '/email-otp/verify-email', { email: ann.email, otp })
    await post('sign-in', '/sign-in/email', { email: ann.email, password })
  },
}

const changes =
  (prefix: string, current: boolean) =>
  async (side: Side): Promise<void> => {
    const browser = side.visitor()
    await browser.post(`${prefix}.account`, '/sign-up/email', ann)
    await side.visitor().post(`${prefix}.other`, '/sign-up/email', ben)
    const newEmail = 'anna@example.com'
    const ask = (step: string, body: unknown) =>
      browser.post(`${prefix}.ask-${step}`, '/email-otp/request-email-change', body)
    const change = (step: string, body: unknown) => browser.post(`${prefix}.${step}`, '/email-otp/change-email', body)
    const sendCurrent = (step: string) =>
      browser.post(`${prefix}.mail-${step}`, '/email-otp/send-verification-otp', {
        email: ann.email,
        type: 'email-verification',
      })
    await ask('bad-email', { newEmail: 'not-an-address' })
    await ask('same', { newEmail: 'ANN@example.com' })
    await ask('empty', {})
    await side.visitor().post(`${prefix}.ask-alone`, '/email-otp/request-email-change', { newEmail })
    await ask('without-code', { newEmail: 'third@example.com' })
    if (current) {
      await ask('no-code-yet', { newEmail, otp })
      await sendCurrent('current')
      await ask('wrong-code', { newEmail, otp: wrong })
    }
    await browser.client(
      `${prefix}.ask`,
      client => client.emailOtp.requestEmailChange({ newEmail, ...(current && { otp }) }),
      plugins,
    )
    await change('bad-email', { newEmail: 'not-an-address', otp })
    await change('same', { newEmail: ann.email, otp })
    await change('wrong', { newEmail, otp: wrong })
    await change('another', { newEmail: 'fourth@example.com', otp })
    await side.visitor().post(`${prefix}.alone`, '/email-otp/change-email', { newEmail, otp })
    if (current) await sendCurrent('current-again')
    await ask('taken', { newEmail: ben.email, ...(current && { otp }) })
    await browser.client(`${prefix}.ok`, client => client.emailOtp.changeEmail({ newEmail, otp }), plugins)
    await change('again', { newEmail, otp })
    await browser.get(`${prefix}.session`, '/get-session')
    await side.visitor().post(`${prefix}.sign-in`, '/sign-in/email', { email: newEmail, password })
  }

const emailOtpChange: Scenario = {
  name: 'email-otp-change',
  options: withCodes({ changeEmail: { enabled: true } }),
  run: changes('otp-change', false),
}

const emailOtpChangeBoth: Scenario = {
  name: 'email-otp-change-both',
  options: withCodes({ changeEmail: { enabled: true, verifyCurrentEmail: true } }),
  run: changes('otp-change-both', true),
}

const emailOtpChangeDisabled: Scenario = {
  name: 'email-otp-change-disabled',
  options: withCodes(),
  async run(side) {
    const browser = side.visitor()
    await browser.post('otp-change-off.account', '/sign-up/email', ann)
    const newEmail = 'anna@example.com'
    await browser.post('otp-change-off.ask', '/email-otp/request-email-change', { newEmail })
    await browser.post('otp-change-off.change', '/email-otp/change-email', { newEmail, otp })
    const paths = ['create-verification-otp', 'get-verification-otp']
    for (const path of paths)
      await side.visitor().post(`otp-change-off.${path}`, `/email-otp/${path}`, { email: ann.email, type: 'sign-in' })
  },
}

const emailOtpLimit: Scenario = {
  name: 'email-otp-limit',
  options: withCodes(
    {},
    { rateLimit: { enabled: true }, advanced: { ipAddress: { ipAddressHeaders: ['x-real-ip'] } } },
  ),
  async run(side) {
    const headers = { 'x-real-ip': '192.0.2.1' }
    const body = { email: ann.email, otp: wrong, type: 'sign-in', password, newEmail: ben.email }
    const paths = [
      '/email-otp/send-verification-otp',
      '/email-otp/check-verification-otp',
      '/email-otp/verify-email',
      '/sign-in/email-otp',
      '/email-otp/request-password-reset',
      '/email-otp/reset-password',
      '/email-otp/request-email-change',
      '/email-otp/change-email',
    ]
    for (const [index, path] of paths.entries())
      for (let call = 1; call <= 4; call += 1)
        await side.visitor().post(`otp-limit.${index}-${call}`, path, body, { headers })
  },
}

export const emailOtpScenarios = [
  emailOtp,
  emailOtpPlanted,
  emailOtpExpiry,
  emailOtpOnSignUp,
  emailOtpOverride,
  emailOtpOverridden,
  emailOtpChange,
  emailOtpChangeBoth,
  emailOtpChangeDisabled,
  emailOtpLimit,
]
