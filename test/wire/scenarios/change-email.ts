import type { BetterAuthOptions } from 'better-auth'
import { ann, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Side, Visitor } from '../side.ts'
import { ben, mailedToken, withVerification } from './verify-email.ts'

type ChangeEmail = NonNullable<NonNullable<BetterAuthOptions['user']>['changeEmail']>

const newEmail = 'new@example.com'

function changing(more: Partial<ChangeEmail>, { asksOld = false, isMailed = true } = {}): OptionSet {
  return {
    build: mails => ({
      emailAndPassword: withMail(mails),
      ...(isMailed && { emailVerification: withVerification(mails) }),
      user: {
        changeEmail: {
          enabled: true,
          ...(asksOld && { sendChangeEmailConfirmation: async data => void mails.push({ kind: 'confirm', ...data }) }),
          ...more,
        },
      },
    }),
  }
}

async function signUpBoth(side: Side, prefix: string): Promise<Visitor> {
  const browser = side.visitor()
  await browser.post(`${prefix}.account`, '/sign-up/email', ann)
  await side.visitor().post(`${prefix}.other-account`, '/sign-up/email', ben)
  return browser
}

async function prove(side: Side, prefix: string, email: string): Promise<void> {
  const token = await mailedToken(side, `${prefix}.mail-proof`, email)
  await side.visitor().get(`${prefix}.proof`, `/verify-email?token=${token}`)
}

export const changeEmailDisabled: Scenario = {
  name: 'change-email-disabled',
  options: { build: mails => ({ emailAndPassword: withMail(mails), emailVerification: withVerification(mails) }) },
  async run(side) {
    const browser = side.visitor()
    await browser.post('change-email-disabled.account', '/sign-up/email', ann)
    await browser.post('change-email-disabled.change', '/change-email', { newEmail })
    await browser.post('change-email-disabled.same', '/change-email', { newEmail: ann.email })
    await side.visitor().post('change-email-disabled.no-session', '/change-email', { newEmail })
  },
}

export const changeEmailNoWay: Scenario = {
  name: 'change-email-no-way',
  options: changing({}, { isMailed: false }),
  async run(side) {
    const browser = await signUpBoth(side, 'change-email-no-way')
    await browser.post('change-email-no-way.free', '/change-email', { newEmail })
    await browser.post('change-email-no-way.taken', '/change-email', { newEmail: ben.email })
    await browser.post('change-email-no-way.same', '/change-email', { newEmail: ann.email })
  },
}

/** An address that was never proven, and one that was, where the old one is not asked: the new one proves itself. */
export const changeEmailByNew: Scenario = {
  name: 'change-email-by-new',
  options: changing({}),
  async run(side) {
    const browser = await signUpBoth(side, 'change-by-new')
    const change = (step: string, body: unknown) => browser.post(`change-by-new.${step}`, '/change-email', body)
    await change('taken', { newEmail: ben.email })
    await change('taken-upper-case', { newEmail: 'BEN@example.com' })
    await change('same', { newEmail: ann.email })
    await change('same-upper-case', { newEmail: 'ANN@example.com' })
    await change('bad-email', { newEmail: 'not-an-address' })
    await change('empty', {})
    await change('no-body', undefined)
    await change('foreign-callback', { newEmail, callbackURL: 'https://evil.example' })
    await side.visitor().post('change-by-new.no-session', '/change-email', { newEmail })
    await browser.client('change-by-new.ok', client => client.changeEmail({ newEmail, callbackURL: '/done' }))
    const token = String(side.lastMail().token)
    await browser.get('change-by-new.unchanged', '/get-session')
    const bens = side.visitor()
    await bens.post('change-by-new.ben-signs-in', '/sign-in/email', ben)
    await bens.get('change-by-new.by-ben', `/verify-email?token=${token}`)
    await bens.get('change-by-new.by-ben-callback', `/verify-email?token=${token}&callbackURL=%2Fdone`)
    await browser.get('change-by-new.follow', `/verify-email?token=${token}`)
    await browser.get('change-by-new.changed', '/get-session')
    await browser.get('change-by-new.again', `/verify-email?token=${token}`)
    await side.visitor().post('change-by-new.old-signs-in', '/sign-in/email', ann)
    await side.visitor().post('change-by-new.new-signs-in', '/sign-in/email', { ...ann, email: newEmail })

    await change('back', { newEmail: 'NEWER@example.com', callbackURL: `${side.origin}/done?a=1` })
    const second = String(side.lastMail().token)
    const elsewhere = side.visitor()
    await elsewhere.get('change-by-new.elsewhere', `/verify-email?token=${second}&callbackURL=%2Fdone`)
    await elsewhere.get('change-by-new.elsewhere-session', '/get-session')
    await change('no-callback', { newEmail: 'newest@example.com' })
  },
}

export const changeEmailByOld: Scenario = {
  name: 'change-email-by-old',
  options: changing({ updateEmailWithoutVerification: true }, { asksOld: true }),
  async run(side) {
    const browser = await signUpBoth(side, 'change-by-old')
    await prove(side, 'change-by-old', ann.email)
    const change = (step: string, body: unknown) => browser.post(`change-by-old.${step}`, '/change-email', body)
    await change('taken', { newEmail: ben.email })
    await change('ask', { newEmail: 'NEW@example.com', callbackURL: '/done' })
    const first = String(side.lastMail().token)
    await browser.get('change-by-old.confirm', `/verify-email?token=${first}&callbackURL=%2Fdone`)
    const second = String(side.lastMail().token)
    await browser.get('change-by-old.confirm-json', `/verify-email?token=${first}`)
    await browser.get('change-by-old.unchanged', '/get-session')
    await side.visitor().get('change-by-old.complete', `/verify-email?token=${second}`)
    await browser.get('change-by-old.changed', '/get-session')
    await side.visitor().get('change-by-old.confirm-again', `/verify-email?token=${first}&callbackURL=%2Fdone`)
    await browser.client('change-by-old.client', client => client.changeEmail({ newEmail: 'third@example.com' }))
  },
}

export const changeEmailAtOnce: Scenario = {
  name: 'change-email-at-once',
  options: changing({ updateEmailWithoutVerification: true }),
  async run(side) {
    const browser = await signUpBoth(side, 'change-at-once')
    await browser.post('change-at-once.taken', '/change-email', { newEmail: ben.email })
    await browser.client('change-at-once.ok', client => client.changeEmail({ newEmail, callbackURL: '/done' }))
    const token = String(side.lastMail().token)
    await browser.get('change-at-once.changed', '/get-session')
    await browser.get('change-at-once.proof', `/verify-email?token=${token}&callbackURL=%2Fdone`)
    await browser.get('change-at-once.proven', '/get-session')
    await side.visitor().post('change-at-once.signs-in', '/sign-in/email', { ...ann, email: newEmail })
  },
}

export const changeEmailUnmailed: Scenario = {
  name: 'change-email-unmailed',
  options: changing({ updateEmailWithoutVerification: true }, { isMailed: false }),
  async run(side) {
    const browser = await signUpBoth(side, 'change-unmailed')
    await browser.post('change-unmailed.ok', '/change-email', { newEmail })
    await browser.get('change-unmailed.changed', '/get-session')
  },
}

export const changeEmailScenarios = [
  changeEmailDisabled,
  changeEmailNoWay,
  changeEmailByNew,
  changeEmailByOld,
  changeEmailAtOnce,
  changeEmailUnmailed,
]
