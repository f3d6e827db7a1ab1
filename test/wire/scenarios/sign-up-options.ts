import { ann, otherPassword, password, type Scenario, withMail } from '../scenario.ts'

export const noAutoSignIn: Scenario = {
  name: 'no-auto-sign-in',
  options: { build: mails => ({ emailAndPassword: { ...withMail(mails), autoSignIn: false } }) },
  async run(side) {
    const browser = side.visitor()
    await browser.client('no-auto-sign-in.sign-up', client => client.signUp.email(ann))
    await browser.get('no-auto-sign-in.no-session', '/get-session')
    await browser.client('no-auto-sign-in.existing', client => client.signUp.email(ann))
    await browser.post('no-auto-sign-in.existing-image', '/sign-up/email', {
      ...ann,
      name: 'Another',
      image: 'https://example.com/a.png',
    })
    await browser.post('no-auto-sign-in.sign-in', '/sign-in/email', { email: ann.email, password })
  },
}

export const signUpDisabled: Scenario = {
  name: 'sign-up-disabled',
  options: { build: mails => ({ emailAndPassword: { ...withMail(mails), disableSignUp: true } }) },
  async run(side) {
    const browser = side.visitor()
    await browser.client('sign-up-disabled.sign-up', client => client.signUp.email(ann))
    await browser.post('sign-up-disabled.bad-body', '/sign-up/email', {})
    await browser.post('sign-up-disabled.sign-in', '/sign-in/email', { email: ann.email, password })
  },
}

export const emailPasswordDisabled: Scenario = {
  name: 'email-password-disabled',
  options: { build: () => ({}) },
  async run(side) {
    const browser = side.visitor()
    await browser.client('email-password-disabled.sign-up', client => client.signUp.email(ann))
    await browser.client('email-password-disabled.sign-in', client =>
      client.signIn.email({ email: ann.email, password }),
    )
    await browser.post('email-password-disabled.sign-in-bad-body', '/sign-in/email', {})
    await browser.post('email-password-disabled.request-reset', '/request-password-reset', { email: ann.email })
    await browser.post('email-password-disabled.reset', '/reset-password', { newPassword: password, token: 'bad' })
    await browser.get('email-password-disabled.get-session', '/get-session')
    await browser.get('email-password-disabled.ok', '/ok')
  },
}

export const passwordLengths: Scenario = {
  name: 'password-lengths',
  options: {
    build: mails => ({ emailAndPassword: { ...withMail(mails), minPasswordLength: 10, maxPasswordLength: 12 } }),
  },
  async run(side) {
    const browser = side.visitor()
    const tryLength = (length: number) =>
      browser.post(`password-lengths.${length}`, '/sign-up/email', {
        ...ann,
        email: `l${length}@example.com`,
        password: 'x'.repeat(length),
      })
    for (const length of [9, 10, 12, 13]) await tryLength(length)
    const change = (step: string, newPassword: string) =>
      browser.post(`password-lengths.change-${step}`, '/change-password', {
        currentPassword: 'x'.repeat(12),
        newPassword,
      })
    await change('short', '123456789')
    await change('long', otherPassword)
    await browser.post('password-lengths.reset-short', '/reset-password', { newPassword: '123456789', token: 'bad' })
    await browser.post('password-lengths.reset-long', '/reset-password', { newPassword: otherPassword, token: 'bad' })
    await browser.post('password-lengths.sign-in-short', '/sign-in/email', { email: 'l10@example.com', password: 'x' })
  },
}

export const ownHash: Scenario = {
  name: 'own-password-hash',
  options: {
    build: mails => ({
      emailAndPassword: {
        ...withMail(mails),
        password: {
          hash: async (plain: string) => `own:${[...plain].reverse().join('')}`,
          verify: async ({ hash, password: plain }: { hash: string; password: string }) =>
            hash === `own:${[...plain].reverse().join('')}`,
        },
      },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('own-password-hash.sign-up', '/sign-up/email', ann)
    await browser.post('own-password-hash.sign-in', '/sign-in/email', { email: ann.email, password })
    await browser.post('own-password-hash.wrong', '/sign-in/email', { email: ann.email, password: otherPassword })
  },
}
