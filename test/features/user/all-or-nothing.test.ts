import { expect, it } from 'vitest'
import { describeEveryDatabase } from '../../support/every-database.ts'
import { ann } from '../../support/test-auth.ts'
import { failEach, startFailing } from '../failing-database.ts'
import { createMailing, pathOf } from '../mailing.ts'

type Mailing = ReturnType<typeof createMailing>

describeEveryDatabase('a request about a user whose database fails [control 82, in part]', open => {
  const startMailing = async (options: (mailing: Mailing) => object, emailVerification: object = {}) => {
    const mailing = createMailing()
    const instance = await startFailing(open, {
      advanced: mailing.advanced,
      emailVerification: { ...mailing.emailVerification, ...emailVerification },
      user: options(mailing),
    })
    return { ...instance, mailing }
  }
  const mailingOf = (instance: object) => (instance as { mailing: Mailing }).mailing
  const signUp = async ({ visit }: Awaited<ReturnType<typeof startFailing>>) => {
    const visitor = visit()
    await visitor.post('/sign-up/email', ann)
    return visitor
  }

  it('has deleted nobody, or only half', async () => {
    const calls = await failEach({
      start: () => startMailing(() => ({ deleteUser: { enabled: true } })),
      prepare: signUp,
      request: visitor => visitor.post('/delete-user', { password: ann.password }),
      check: async ({ dump }, before) => expect(await dump()).toEqual(before),
    })
    // Session, password, sessions, accounts, user.
    expect(calls).toBeGreaterThanOrEqual(5)
  })

  it('has used up no link to delete without deleting', async () => {
    const calls = await failEach({
      start: () =>
        startMailing(mailing => ({
          deleteUser: { enabled: true, sendDeleteAccountVerification: mailing.keep('delete') },
        })),
      prepare: async instance => {
        const visitor = await signUp(instance)
        await visitor.post('/delete-user', {})
        await mailingOf(instance).settled()
        return visitor
      },
      request: async (visitor, instance) => visitor.get(pathOf(await mailingOf(instance).last())),
      check: async ({ dump }, before) => expect(await dump()).toEqual(before),
    })
    expect(calls).toBeGreaterThanOrEqual(6)
  })

  it('has proven no address without signing in, nor the reverse', async () => {
    const calls = await failEach({
      start: () => startMailing(() => ({}), { autoSignInAfterVerification: true }),
      prepare: async instance => {
        await signUp(instance)
        await instance.visit().post('/send-verification-email', { email: ann.email })
        await mailingOf(instance).settled()
        return instance.visit()
      },
      request: async (visitor, instance) => visitor.get(pathOf(await mailingOf(instance).last())),
      check: async ({ dump }, before) => expect(await dump()).toEqual(before),
    })
    // User, proof, session.
    expect(calls).toBeGreaterThanOrEqual(3)
  })

  it('has changed no address without signing in, nor the reverse', async () => {
    const calls = await failEach({
      start: () => startMailing(() => ({ changeEmail: { enabled: true } })),
      prepare: async instance => {
        const visitor = await signUp(instance)
        await visitor.post('/change-email', { newEmail: 'new@example.com' })
        await mailingOf(instance).settled()
        return instance.visit()
      },
      request: async (visitor, instance) => visitor.get(pathOf(await mailingOf(instance).last())),
      check: async ({ dump }, before) => expect(await dump()).toEqual(before),
    })
    expect(calls).toBeGreaterThanOrEqual(3)
  })
})
