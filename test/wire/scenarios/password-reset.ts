import { readString } from '../exchange.ts'
import { ann, otherPassword, password, pause, plainOptions, type Scenario, withMail } from '../scenario.ts'
import type { Side, Visitor } from '../side.ts'

const evil = encodeURIComponent('https://evil.example/')

export const passwordReset: Scenario = {
  name: 'password-reset',
  options: plainOptions,
  async run(side) {
    const browser = side.visitor()
    await browser.post('reset.account', '/sign-up/email', ann)
    await requests(side)
    await links(side)
    await newPasswords(side, browser)
  },
}

async function requests(side: Side): Promise<void> {
  const own = `${side.origin}/reset?step=2`
  const ask = (step: string, body: unknown) => side.visitor().post(`reset.${step}`, '/request-password-reset', body)
  const browser = side.visitor()
  await browser.client('reset.request', client => client.requestPasswordReset({ email: ann.email, redirectTo: own }))
  await ask('request-relative', { email: ann.email, redirectTo: '/reset' })
  await ask('request-no-redirect', { email: ann.email })
  await ask('request-upper-case', { email: 'ANN@example.com' })
  await ask('request-unknown', { email: 'nobody@example.com', redirectTo: '/reset' })
  await ask('request-foreign-redirect', { email: ann.email, redirectTo: 'https://evil.example/' })
  await ask('request-bad-email', { email: 'not-an-address' })
  await ask('request-empty', {})
  await ask('request-no-body', undefined)
}

async function links(side: Side): Promise<void> {
  const browser = side.visitor()
  await browser.post('reset.for-link', '/request-password-reset', { email: ann.email, redirectTo: '/reset' })
  const token = String(side.lastMail().token)
  const open = (step: string, path: string) => browser.get(`reset.link-${step}`, `/reset-password/${path}`)
  await open('ok', `${token}?callbackURL=%2Freset`)
  await open('again', `${token}?callbackURL=${encodeURIComponent(`${side.origin}/reset?a=1#part`)}`)
  await open('bad-token', 'bad?callbackURL=%2Freset')
  await open('bad-token-absolute', `bad?callbackURL=${encodeURIComponent(`${side.origin}/reset?a=1`)}`)
  await open('foreign-callback', `${token}?callbackURL=${evil}`)
  await open('foreign-callback-bad-token', `bad?callbackURL=${evil}`)
  await open('no-callback', token)
  await open('empty-callback', `${token}?callbackURL=`)
  await open('two-callbacks', `${token}?callbackURL=%2Fa&callbackURL=${evil}`)
}

async function newPasswords(side: Side, browser: Visitor): Promise<void> {
  const ask = async (step: string) => {
    await side.visitor().post(`reset.ask-${step}`, '/request-password-reset', { email: ann.email })
    return String(side.lastMail().token)
  }
  const reset = (step: string, body: unknown, query = '') =>
    side.visitor().post(`reset.${step}`, `/reset-password${query}`, body)
  await reset('bad-token', { newPassword: otherPassword, token: 'bad' })
  await reset('no-token', { newPassword: otherPassword })
  await reset('empty-object', {})
  await reset('no-body', undefined)
  const token = await ask('first')
  await reset('too-short', { newPassword: '1234567', token })
  await reset('too-long', { newPassword: 'x'.repeat(129), token })
  await reset('too-short-bad-token', { newPassword: '1234567', token: 'bad' })
  await side.visitor().client('reset.ok', client => client.resetPassword({ newPassword: otherPassword, token }))
  await reset('reuse', { newPassword: otherPassword, token })
  await browser.get('reset.old-session-lives', '/get-session')
  await side.visitor().post('reset.sign-in-old', '/sign-in/email', { email: ann.email, password })
  await side.visitor().post('reset.sign-in-new', '/sign-in/email', { email: ann.email, password: otherPassword })
  const inQuery = await ask('in-query')
  await reset('token-in-query', { newPassword: password }, `?token=${inQuery}`)
  const both = await ask('both')
  await reset('token-in-both', { newPassword: password, token: both }, '?token=bad')
  const older = await ask('older')
  const newer = await ask('newer')
  await reset('older-link', { newPassword: password, token: older })
  await reset('newer-link', { newPassword: password, token: newer })
}

export const passwordResetDisabled: Scenario = {
  name: 'password-reset-disabled',
  options: { build: () => ({ emailAndPassword: { enabled: true } }) },
  async run(side) {
    const browser = side.visitor()
    await browser.post('reset-disabled.account', '/sign-up/email', ann)
    await browser.client('reset-disabled.request', client => client.requestPasswordReset({ email: ann.email }))
    await browser.post('reset-disabled.unknown', '/request-password-reset', { email: 'nobody@example.com' })
    await browser.post('reset-disabled.foreign-redirect', '/request-password-reset', {
      email: ann.email,
      redirectTo: 'https://evil.example',
    })
    await browser.post('reset-disabled.reset', '/reset-password', { newPassword: password, token: 'bad' })
  },
}

export const passwordResetOptions: Scenario = {
  name: 'password-reset-options',
  options: {
    build: mails => ({
      emailAndPassword: { ...withMail(mails), resetPasswordTokenExpiresIn: 3, revokeSessionsOnPasswordReset: true },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    const signedUp = await browser.post('reset-options.account', '/sign-up/email', ann)
    readString(signedUp.json, 'token')
    await side.visitor().post('reset-options.request', '/request-password-reset', { email: ann.email })
    const expired = String(side.lastMail().token)
    await pause(3200)
    await browser.get('reset-options.expired-link', `/reset-password/${expired}?callbackURL=%2Freset`)
    await side
      .visitor()
      .post('reset-options.expired', '/reset-password', { newPassword: otherPassword, token: expired })
    await side.visitor().post('reset-options.request-again', '/request-password-reset', { email: ann.email })
    const token = String(side.lastMail().token)
    await side.visitor().post('reset-options.ok', '/reset-password', { newPassword: otherPassword, token })
    await browser.get('reset-options.session-revoked', '/get-session')
  },
}
