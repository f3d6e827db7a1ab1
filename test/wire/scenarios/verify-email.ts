import type { BetterAuthOptions } from 'better-auth'
import { ann, type Scenario, withMail } from '../scenario.ts'
import type { Mail, OptionSet } from '../servers.ts'
import type { Side } from '../side.ts'

export const ben = { name: 'Ben', email: 'ben@example.com', password: 'yet another passphrase' }
const evil = encodeURIComponent('https://evil.example/')

type Verification = NonNullable<BetterAuthOptions['emailVerification']>

/** Options that keep every message of e-mail verification. */
export function withVerification(mails: Mail[]): Verification {
  const keep = (kind: string) => async (data: object) => void mails.push({ kind, ...data })
  return {
    sendVerificationEmail: keep('verify'),
    beforeEmailVerification: async user => void mails.push({ kind: 'before', user }),
    afterEmailVerification: async user => void mails.push({ kind: 'after', user }),
  }
}

export function verifying(more: Verification = {}, passwords: object = {}): OptionSet {
  return {
    build: mails => ({
      emailAndPassword: { ...withMail(mails), ...passwords },
      emailVerification: { ...withVerification(mails), ...more },
    }),
  }
}

/** Has a link mailed and gives its token. */
export async function mailedToken(side: Side, step: string, email: string): Promise<string> {
  await side.visitor().post(step, '/send-verification-email', { email })
  return String(side.lastMail().token)
}

export const verifyEmail: Scenario = {
  name: 'verify-email',
  options: verifying(),
  async run(side) {
    const browser = side.visitor()
    await browser.client('verify-email.sign-up', client => client.signUp.email(ann))
    await side.visitor().post('verify-email.other-account', '/sign-up/email', ben)
    await asking(side)
    await badLinks(side)
    const token = await mailedToken(side, 'verify-email.mail', ann.email)
    const follow = (step: string, query: string) => side.visitor().get(`verify-email.${step}`, `/verify-email?${query}`)
    await side.visitor().client('verify-email.ok', client => client.verifyEmail({ query: { token } }))
    await follow('again', `token=${token}`)
    await follow('again-callback', `token=${token}&callbackURL=%2Fdone`)
    await browser.get('verify-email.session', '/get-session')
    await browser.post('verify-email.send-proven', '/send-verification-email', { email: ann.email })
    await side.visitor().post('verify-email.send-proven-alone', '/send-verification-email', { email: ann.email })

    const bens = await mailedToken(side, 'verify-email.mail-ben', ben.email)
    const callback = encodeURIComponent(`${side.origin}/done?a=1`)
    await browser.get('verify-email.by-another', `/verify-email?token=${bens}&callbackURL=${callback}`)
    await side.visitor().post('verify-email.ben-signs-in', '/sign-in/email', { ...ben })
  },
}

async function asking(side: Side): Promise<void> {
  const ask = (step: string, body: unknown) =>
    side.visitor().post(`verify-email.send-${step}`, '/send-verification-email', body)
  const browser = side.visitor()
  await browser.client('verify-email.send', client =>
    client.sendVerificationEmail({ email: ann.email, callbackURL: '/done?a=1&b=2' }),
  )
  await ask('unknown', { email: 'nobody@example.com' })
  await ask('upper-case', { email: 'ANN@Example.com', callbackURL: `${side.origin}/done` })
  await ask('foreign-callback', { email: ann.email, callbackURL: 'https://evil.example/' })
  await ask('empty-callback', { email: ann.email, callbackURL: '' })
  await ask('bad-email', { email: 'not-an-address' })
  await ask('empty', {})
  await ask('no-body', undefined)
  await browser.post('verify-email.signs-in', '/sign-in/email', { email: ann.email, password: ann.password })
  await browser.post('verify-email.send-own', '/send-verification-email', { email: ann.email })
  await browser.post('verify-email.send-own-upper-case', '/send-verification-email', { email: 'ANN@example.com' })
  await browser.post('verify-email.send-mismatch', '/send-verification-email', { email: ben.email })
}

async function badLinks(side: Side): Promise<void> {
  const follow = (step: string, query: string) => side.visitor().get(`verify-email.${step}`, `/verify-email${query}`)
  await follow('no-token', '')
  await follow('no-token-callback', '?callbackURL=%2Fdone')
  await follow('bad-token', '?token=bad')
  await follow('bad-token-callback', '?token=bad&callbackURL=%2Fdone')
  await follow('bad-token-question', `?token=bad&callbackURL=${encodeURIComponent('/done?a=1')}`)
  await follow('bad-token-absolute', `?token=bad&callbackURL=${encodeURIComponent(`${side.origin}/done`)}`)
  await follow('bad-token-empty-callback', '?token=bad&callbackURL=')
  await follow('foreign-callback', `?token=bad&callbackURL=${evil}`)
  await follow('two-callbacks', `?token=bad&callbackURL=%2Fa&callbackURL=${evil}`)
  await side.visitor().post('verify-email.post', '/verify-email', { token: 'bad' })
  await side.visitor().post('verify-email.reset-mail', '/request-password-reset', { email: ann.email })
  await follow('reset-token', `?token=${side.lastMail().token}`)
}

export const verifyEmailExpiry: Scenario = {
  name: 'verify-email-expiry',
  options: verifying({ expiresIn: 1 }),
  async run(side) {
    await side.visitor().post('verify-expiry.account', '/sign-up/email', ann)
    const token = await mailedToken(side, 'verify-expiry.mail', ann.email)
    await new Promise(resolve => setTimeout(resolve, 2100))
    await side.visitor().get('verify-expiry.expired', `/verify-email?token=${token}`)
    await side.visitor().get('verify-expiry.expired-callback', `/verify-email?token=${token}&callbackURL=%2Fdone`)
  },
}

export const verifyEmailSignsIn: Scenario = {
  name: 'verify-email-signs-in',
  options: verifying({ autoSignInAfterVerification: true, sendOnSignUp: true }, { autoSignIn: false }),
  async run(side) {
    const browser = side.visitor()
    await browser.post('verify-signs-in.sign-up', '/sign-up/email', { ...ann, callbackURL: '/welcome' })
    const token = String(side.lastMail().token)
    await browser.get('verify-signs-in.ok', `/verify-email?token=${token}&callbackURL=%2Fwelcome`)
    await browser.get('verify-signs-in.session', '/get-session')
    await side.visitor().get('verify-signs-in.again', `/verify-email?token=${token}`)

    await side.visitor().post('verify-signs-in.ben', '/sign-up/email', ben)
    const bens = String(side.lastMail().token)
    await browser.get('verify-signs-in.in-anns-browser', `/verify-email?token=${bens}`)
    await browser.get('verify-signs-in.is-ben', '/get-session')

    const eve = { ...ann, email: 'eve@example.com' }
    await side.visitor().post('verify-signs-in.eve', '/sign-up/email', eve)
    const eves = String(side.lastMail().token)
    const own = side.visitor()
    await own.post('verify-signs-in.eve-signs-in', '/sign-in/email', { ...eve, rememberMe: false })
    await own.get('verify-signs-in.own-session', `/verify-email?token=${eves}`)
    await own.get('verify-signs-in.is-eve', '/get-session')
  },
}

export const verificationRequired: Scenario = {
  name: 'verification-required',
  options: {
    build: mails => ({
      emailAndPassword: {
        ...withMail(mails),
        requireEmailVerification: true,
        onExistingUserSignUp: async data => void mails.push({ kind: 'existing', ...data }),
      },
      emailVerification: { ...withVerification(mails), sendOnSignIn: true },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.client('required.sign-up', client => client.signUp.email({ ...ann, callbackURL: '/welcome?a=1' }))
    const token = String(side.lastMail().token)
    await browser.post('required.existing', '/sign-up/email', { ...ann, name: 'Eve', password: 'something else' })
    const signIn = (step: string, more: object = {}) =>
      browser.post(`required.${step}`, '/sign-in/email', { email: ann.email, password: ann.password, ...more })
    await signIn('sign-in')
    await signIn('sign-in-callback', { callbackURL: '/home' })
    await signIn('sign-in-wrong', { password: 'not the password' })
    await side.visitor().post('required.reset', '/request-password-reset', { email: ann.email })
    await browser.get('required.verify', `/verify-email?token=${token}&callbackURL=%2Fwelcome`)
    await browser.get('required.no-session', '/get-session')
    await signIn('sign-in-proven', { callbackURL: '/home' })
  },
}

export const verificationUnsent: Scenario = {
  name: 'verification-unsent',
  options: { build: mails => ({ emailAndPassword: { ...withMail(mails), requireEmailVerification: true } }) },
  async run(side) {
    const browser = side.visitor()
    await browser.post('unsent.sign-up', '/sign-up/email', ann)
    await browser.post('unsent.sign-in', '/sign-in/email', { email: ann.email, password: ann.password })
    await browser.post('unsent.send', '/send-verification-email', { email: ann.email })
    await browser.post('unsent.send-unknown', '/send-verification-email', { email: 'nobody@example.com' })
    await browser.post('unsent.send-bad-email', '/send-verification-email', { email: 'no' })
    await browser.get('unsent.bad-token', '/verify-email?token=bad')
  },
}

export const verificationOptions: Scenario = {
  name: 'verification-options',
  options: {
    build: mails => ({
      emailAndPassword: {
        ...withMail(mails),
        requireEmailVerification: true,
        customSyntheticUser: ({ coreFields, additionalFields, id }) => ({
          ...coreFields,
          ...additionalFields,
          name: 'Synthetic',
          id,
        }),
      },
      emailVerification: { ...withVerification(mails), sendOnSignUp: false },
      user: { additionalFields: { plan: { type: 'string', defaultValue: 'free' } } },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('verification-options.sign-up', '/sign-up/email', ann)
    await browser.post('verification-options.sign-in', '/sign-in/email', { email: ann.email, password: ann.password })
    await browser.post('verification-options.existing', '/sign-up/email', ann)
  },
}
