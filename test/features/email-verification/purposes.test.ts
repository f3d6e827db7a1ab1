import { describe, expect, it } from 'vitest'
import { memoryStorage } from '../../../src/index.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'
import { createMailing } from '../mailing.ts'

type Redeem = (browser: Visitor, token: string) => Promise<{ status: number; isAccepted: boolean }>

const verify: Redeem = async (browser, token) => {
  const { status } = await browser.get(`/verify-email?token=${token}`)
  return { status, isAccepted: status === 200 }
}

/** Where each kind of secret is used. */
const places: Record<string, Redeem> = {
  'reset-password': async (browser, token) => {
    const { status } = await browser.post('/reset-password', { token, newPassword: 'a new password' })
    return { status, isAccepted: status === 200 }
  },
  'reset-password link': async (browser, token) => {
    const { status, headers } = await browser.get(`/reset-password/${token}?callbackURL=/reset`)
    return { status, isAccepted: !headers.get('location')?.includes('error=') }
  },
  'verify-email': verify,
  'delete-account': async (browser, token) => {
    const { status } = await browser.post('/delete-user', { token })
    return { status, isAccepted: status === 200 }
  },
  'delete-account link': async (browser, token) => {
    const { status } = await browser.get(`/delete-user/callback?token=${token}`)
    return { status, isAccepted: status === 200 }
  },
}

/** Every kind of secret, and the places that take it. */
const kinds: Record<string, string[]> = {
  'reset-password': ['reset-password', 'reset-password link'],
  'email-verification': ['verify-email'],
  'change-email-confirmation': ['verify-email'],
  'change-email-verification': ['verify-email'],
  'delete-account': ['delete-account', 'delete-account link'],
  session: [],
}

async function start(options: object) {
  const mailing = createMailing()
  const { auth } = createTestAuth({
    advanced: mailing.advanced,
    emailAndPassword: { sendResetPassword: mailing.keep('reset-password') },
    emailVerification: mailing.emailVerification,
    user: {
      changeEmail: { enabled: true, sendChangeEmailConfirmation: mailing.keep('confirm') },
      deleteUser: { enabled: true, sendDeleteAccountVerification: mailing.keep('delete') },
    },
    ...options,
  })
  const browser = visit(auth)
  const { body } = await browser.post('/sign-up/email', ann)
  const mailed = async () => (await mailing.last()).token
  const make: Record<string, () => Promise<string>> = {
    'reset-password': async () => {
      await browser.post('/request-password-reset', { email: ann.email })
      return mailed()
    },
    'email-verification': async () => {
      await browser.post('/send-verification-email', { email: ann.email })
      return mailed()
    },
    'change-email-verification': async () => {
      await browser.post('/change-email', { newEmail: 'new@example.com' })
      return mailed()
    },
    'change-email-confirmation': async () => {
      await browser.post('/send-verification-email', { email: ann.email })
      await verify(browser, await mailed())
      await browser.post('/change-email', { newEmail: 'new@example.com' })
      return mailed()
    },
    'delete-account': async () => {
      await browser.post('/delete-user', {})
      return mailed()
    },
    session: async () => String(body.token),
  }
  return { auth, browser, make }
}

const stores: [string, () => object][] = [
  ['the database', () => ({})],
  ['the database, not hashed', () => ({ verification: { storeIdentifier: 'plain' } })],
  ['secondary storage', () => ({ secondaryStorage: memoryStorage() })],
]

describe.each(stores)('a secret made for one thing, kept in %s [A38, control 13]', (_title, options) => {
  const pairs = Object.keys(kinds).flatMap(kind => Object.keys(places).map(place => [kind, place] as const))

  it.each(pairs)('%s at %s', async (kind, place) => {
    const { browser, make } = await start(options())
    const token = await make[kind]?.()
    expect(token).toMatch(/.{24}/)
    const { status, isAccepted } = (await places[place]?.(browser, token ?? '')) ?? {}
    expect([kind, place, status, isAccepted]).toEqual([kind, place, status, kinds[kind]?.includes(place)])
  })

  it('neither with its purpose in front, nor by the key of another secret', async () => {
    const { auth, browser, make } = await start(options())
    const reset = await make['reset-password']?.()
    for (const token of [
      `reset-password:${reset}`,
      `reset-password-${reset}`,
      `delete-account:${reset}`,
      `verification:${reset}`,
    ]) {
      for (const redeem of Object.values(places)) expect((await redeem(browser, token)).isAccepted).toBe(false)
    }
    const claims = { sub: String((await browser.get('/get-session')).body.user?.id), email: ann.email }
    const times = { now: auth.context.now(), expiresIn: 60 }
    for (const purpose of ['reset-password', 'delete-account', 'session', 'email-verification2', '']) {
      const forged = await auth.context.keys.issueToken(purpose, claims, times)
      for (const redeem of Object.values(places)) expect((await redeem(browser, forged)).isAccepted).toBe(false)
    }
    const right = await auth.context.keys.issueToken('email-verification', claims, times)
    expect((await verify(browser, right)).isAccepted).toBe(true)
  })

  it('what a link says is not taken from one of another kind', async () => {
    const { auth, browser } = await start(options())
    const id = String((await browser.get('/get-session')).body.user?.id)
    const times = { now: auth.context.now(), expiresIn: 60 }
    const bad = [
      { email: ann.email },
      { sub: id },
      { sub: id, email: ann.email, updateTo: 'new@example.com' },
      { sub: id, email: ann.email, updateTo: 'new@example.com', requestType: 'something-else' },
      { sub: id, email: ann.email, updateTo: ['new@example.com'], requestType: 'change-email-verification' },
      { sub: 'somebody else', email: ann.email },
    ]
    for (const claims of bad) {
      const token = await auth.context.keys.issueToken('email-verification', claims, times)
      expect(await verify(browser, token)).toEqual({ status: 401, isAccepted: false })
    }
    expect((await browser.get('/get-session')).body.user).toMatchObject({ email: ann.email, emailVerified: false })
  })
})
