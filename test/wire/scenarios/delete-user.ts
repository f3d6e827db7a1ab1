import type { BetterAuthOptions } from 'better-auth'
import { APIError } from 'better-auth/api'
import { ann, pause, type Scenario, withMail } from '../scenario.ts'
import type { Mail, OptionSet } from '../servers.ts'
import type { Side } from '../side.ts'
import { ben } from './verify-email.ts'

type DeleteUser = NonNullable<NonNullable<BetterAuthOptions['user']>['deleteUser']>

function deleting(more: (mails: Mail[]) => DeleteUser = () => ({}), rest: BetterAuthOptions = {}): OptionSet {
  return {
    build: mails => ({
      emailAndPassword: withMail(mails),
      user: {
        deleteUser: {
          enabled: true,
          beforeDelete: async user => void mails.push({ kind: 'before-delete', user }),
          afterDelete: async user => void mails.push({ kind: 'after-delete', user }),
          ...more(mails),
        },
      },
      ...rest,
    }),
  }
}

const byMail = (mails: Mail[]): DeleteUser => ({
  sendDeleteAccountVerification: async data => void mails.push({ kind: 'delete', ...data }),
})

async function signUp(side: Side, step: string, person: typeof ann = ann) {
  const browser = side.visitor()
  await browser.post(step, '/sign-up/email', person)
  return browser
}

const deleteUserDisabled: Scenario = {
  name: 'delete-user-disabled',
  options: { build: mails => ({ emailAndPassword: withMail(mails) }) },
  async run(side) {
    const browser = await signUp(side, 'delete-disabled.account')
    await browser.post('delete-disabled.delete', '/delete-user', {})
    await browser.get('delete-disabled.callback', '/delete-user/callback?token=bad')
    await side.visitor().post('delete-disabled.no-session', '/delete-user', {})
    await side.visitor().get('delete-disabled.callback-no-session', '/delete-user/callback?token=bad')
  },
}

const deleteUser: Scenario = {
  name: 'delete-user',
  options: deleting(),
  async run(side) {
    const browser = await signUp(side, 'delete.account')
    const other = side.visitor()
    await other.post('delete.other-session', '/sign-in/email', ann)
    const attempt = (step: string, body: unknown) => browser.post(`delete.${step}`, '/delete-user', body)
    await attempt('wrong-password', { password: 'not the password' })
    await attempt('password-not-a-string', { password: 1 })
    await attempt('bad-token', { token: 'bad' })
    await attempt('foreign-callback', { callbackURL: 'https://evil.example' })
    await attempt('no-body', undefined)
    await browser.get('delete.callback-bad-token', '/delete-user/callback?token=bad')
    await browser.get('delete.callback-no-token', '/delete-user/callback')
    await side.visitor().get('delete.callback-no-session', '/delete-user/callback?token=bad')
    await side.visitor().post('delete.no-session', '/delete-user', {})
    await browser.client('delete.ok', client => client.deleteUser({ password: ann.password }))
    await browser.get('delete.no-session-left', '/get-session')
    await other.get('delete.no-other-session-left', '/get-session')
    await side.visitor().post('delete.sign-in', '/sign-in/email', ann)
    const again = await signUp(side, 'delete.sign-up-again')
    await again.client('delete.fresh', client => client.deleteUser({}))
  },
}

const deleteUserNotFresh: Scenario = {
  name: 'delete-user-not-fresh',
  options: deleting(undefined, { session: { freshAge: 1 } }),
  async run(side) {
    const browser = await signUp(side, 'delete-not-fresh.account')
    await pause(1100)
    await browser.post('delete-not-fresh.refused', '/delete-user', {})
    await browser.post('delete-not-fresh.password', '/delete-user', { password: ann.password })
  },
}

const deleteUserByMail: Scenario = {
  name: 'delete-user-by-mail',
  options: deleting(byMail),
  async run(side) {
    const browser = await signUp(side, 'delete-by-mail.account')
    const bens = await signUp(side, 'delete-by-mail.other-account', ben)
    await browser.post('delete-by-mail.wrong-password', '/delete-user', { password: 'not the password' })
    await browser.client('delete-by-mail.ask', client => client.deleteUser({ callbackURL: '/bye?a=1' }))
    const token = String(side.lastMail().token)
    await bens.get('delete-by-mail.by-ben', `/delete-user/callback?token=${token}`)
    await bens.post('delete-by-mail.post-by-ben', '/delete-user', { token })
    await side.visitor().get('delete-by-mail.by-nobody', `/delete-user/callback?token=${token}&callbackURL=%2Fbye`)
    await browser.get('delete-by-mail.bad', '/delete-user/callback?token=bad&callbackURL=%2Fbye')
    const evil = encodeURIComponent('https://evil.example')
    await browser.get('delete-by-mail.foreign', `/delete-user/callback?token=${token}&callbackURL=${evil}`)
    await browser.get('delete-by-mail.follow', `/delete-user/callback?token=${token}&callbackURL=%2Fbye`)
    await browser.get('delete-by-mail.gone', '/get-session')

    await bens.post('delete-by-mail.ben-asks', '/delete-user', { password: ben.password })
    await bens.get('delete-by-mail.json', `/delete-user/callback?token=${side.lastMail().token}`)

    const again = await signUp(side, 'delete-by-mail.again')
    await again.post('delete-by-mail.asks-again', '/delete-user', {})
    const second = String(side.lastMail().token)
    await again.post('delete-by-mail.post', '/delete-user', { token: second })
    await again.post('delete-by-mail.post-again', '/delete-user', { token: second })
  },
}

const deleteUserExpiry: Scenario = {
  name: 'delete-user-expiry',
  options: deleting(mails => ({ ...byMail(mails), deleteTokenExpiresIn: 1 })),
  async run(side) {
    const browser = await signUp(side, 'delete-expiry.account')
    await browser.post('delete-expiry.ask', '/delete-user', {})
    await pause(1200)
    await browser.get('delete-expiry.expired', `/delete-user/callback?token=${side.lastMail().token}`)
  },
}

const deleteUserRefused: Scenario = {
  name: 'delete-user-refused',
  options: deleting(() => ({
    beforeDelete: async () => {
      throw new APIError('BAD_REQUEST', { message: 'Pay first', code: 'PAY_FIRST' })
    },
  })),
  async run(side) {
    const browser = await signUp(side, 'delete-refused.account')
    await browser.client('delete-refused.refused', client => client.deleteUser({}))
    await browser.get('delete-refused.still-there', '/get-session')
  },
}

export const deleteUserScenarios = [
  deleteUserDisabled,
  deleteUser,
  deleteUserNotFresh,
  deleteUserByMail,
  deleteUserExpiry,
  deleteUserRefused,
]
