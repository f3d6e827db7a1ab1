import { expect, it } from 'vitest'
import { describeEveryDatabase } from '../../support/every-database.ts'
import { ann } from '../../support/test-auth.ts'
import { failEach, startFailing } from '../failing-database.ts'

describeEveryDatabase('a request whose database fails [control 82, in part]', open => {
  const start = () => startFailing(open, { emailAndPassword: { revokeSessionsOnPasswordReset: true } })

  it('has signed nobody up, or only half', async () => {
    const calls = await failEach({
      start,
      prepare: async ({ visit }) => visit(),
      request: visitor => visitor.post('/sign-up/email', ann),
      check: async ({ dump }, before) => expect(await dump()).toEqual(before),
    })
    // Look-up, user, account, session.
    expect(calls).toBeGreaterThanOrEqual(4)
  })

  it('has signed nobody in', async () => {
    const calls = await failEach({
      start,
      prepare: async ({ visit }) => {
        await visit().post('/sign-up/email', ann)
        return visit()
      },
      request: visitor => visitor.post('/sign-in/email', ann),
      check: async ({ dump }, before) => expect((await dump()).session).toEqual(before.session),
    })
    expect(calls).toBeGreaterThanOrEqual(3)
  })

  it('has changed no password without ending the sessions, nor the reverse', async () => {
    const calls = await failEach({
      start,
      prepare: async ({ visit }) => {
        const visitor = visit()
        await visitor.post('/sign-up/email', ann)
        return visitor
      },
      request: visitor => {
        const input = { currentPassword: ann.password, newPassword: 'a new password', revokeOtherSessions: true }
        return visitor.post('/change-password', input)
      },
      check: async ({ dump }, before) => expect(await dump()).toEqual(before),
    })
    expect(calls).toBeGreaterThanOrEqual(5)
  })

  it('has used up no reset link without setting the password', async () => {
    const calls = await failEach({
      start,
      prepare: async ({ visit, inbox }) => {
        const visitor = visit()
        await visitor.post('/sign-up/email', ann)
        await visitor.post('/request-password-reset', { email: ann.email })
        await inbox.waitFor(ann.email)
        return visit()
      },
      request: async (visitor, { inbox }) => {
        const { token } = await inbox.waitFor(ann.email)
        return visitor.post('/reset-password', { newPassword: 'a new password', token })
      },
      check: async ({ dump }, before) => expect(await dump()).toEqual(before),
    })
    expect(calls).toBeGreaterThanOrEqual(5)
  })
})
