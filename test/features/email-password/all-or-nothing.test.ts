import { expect, it } from 'vitest'
import { countingDatabase } from '../../support/counting-database.ts'
import { describeEveryDatabase } from '../../support/every-database.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'

const MODELS = ['user', 'account', 'session', 'verification']

describeEveryDatabase('a request whose database fails [control 82, in part]', open => {
  async function start() {
    const database = countingDatabase(await open())
    const test = createTestAuth({ database, emailAndPassword: { revokeSessionsOnPasswordReset: true } })
    await test.auth.createSchema()
    const { adapter } = test.auth.context
    const dump = async () => {
      const { failure } = database
      database.failure = undefined
      const tables = await Promise.all(MODELS.map(async model => [model, await adapter.findMany({ model, where: [] })]))
      database.failure = failure
      return Object.fromEntries(tables)
    }
    /** Makes the call of this number fail, counting from now. */
    const failAt = (number: number) => {
      let calls = 0
      database.calls.length = 0
      database.failure = () => (++calls === number ? new Error(`call ${number} failed`) : undefined)
    }
    const heal = () => {
      database.failure = undefined
    }
    return { ...test, database, dump, failAt, heal, visit: () => visit(test.auth) }
  }
  type Instance = Awaited<ReturnType<typeof start>>

  /** Lets each call of the adapter that a request makes fail in turn, and hands on what came of it. */
  async function failEach(
    prepare: (instance: Instance) => Promise<Visitor>,
    request: (visitor: Visitor, instance: Instance) => ReturnType<Visitor['post']>,
    check: (instance: Instance, before: Awaited<ReturnType<Instance['dump']>>) => Promise<void> | void,
  ): Promise<number> {
    for (let number = 1; ; number++) {
      const instance = await start()
      const visitor = await prepare(instance)
      const before = await instance.dump()
      instance.failAt(number)
      const { status, body, setCookies } = await request(visitor, instance)
      if (instance.database.calls.length < number) {
        expect(status).toBe(200)
        return number - 1
      }
      expect([number, status, body.code]).toEqual([number, 500, 'INTERNAL_SERVER_ERROR'])
      expect(JSON.stringify(body)).not.toContain('failed')
      expect(setCookies).toEqual({})
      expect(instance.log).toHaveLength(1)
      await check(instance, before)
      // What failed can be tried again.
      instance.heal()
      expect((await request(visitor, instance)).status).toBe(200)
    }
  }

  it('has signed nobody up, or only half', async () => {
    const calls = await failEach(
      async ({ visit }) => visit(),
      visitor => visitor.post('/sign-up/email', ann),
      async ({ dump }, before) => expect(await dump()).toEqual(before),
    )
    // Look-up, user, account, session.
    expect(calls).toBeGreaterThanOrEqual(4)
  })

  it('has signed nobody in', async () => {
    const calls = await failEach(
      async ({ visit }) => {
        await visit().post('/sign-up/email', ann)
        return visit()
      },
      visitor => visitor.post('/sign-in/email', ann),
      async ({ dump }, before) => expect((await dump()).session).toEqual(before.session),
    )
    expect(calls).toBeGreaterThanOrEqual(3)
  })

  it('has changed no password without ending the sessions, nor the reverse', async () => {
    const calls = await failEach(
      async ({ visit }) => {
        const visitor = visit()
        await visitor.post('/sign-up/email', ann)
        return visitor
      },
      visitor => {
        const input = { currentPassword: ann.password, newPassword: 'a new password', revokeOtherSessions: true }
        return visitor.post('/change-password', input)
      },
      async ({ dump }, before) => expect(await dump()).toEqual(before),
    )
    expect(calls).toBeGreaterThanOrEqual(5)
  })

  it('has used up no reset link without setting the password', async () => {
    const calls = await failEach(
      async ({ visit, inbox }) => {
        const visitor = visit()
        await visitor.post('/sign-up/email', ann)
        await visitor.post('/request-password-reset', { email: ann.email })
        await inbox.waitFor(ann.email)
        return visit()
      },
      async (visitor, { inbox }) => {
        const { token } = await inbox.waitFor(ann.email)
        return visitor.post('/reset-password', { newPassword: 'a new password', token })
      },
      async ({ dump }, before) => expect(await dump()).toEqual(before),
    )
    expect(calls).toBeGreaterThanOrEqual(5)
  })
})
