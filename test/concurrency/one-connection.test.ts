import { describe, expect, it } from 'vitest'
import type { AuthHandle } from '../../src/auth-handle.ts'
import {
  type AnyPlugin,
  type Database,
  definePlugin,
  type Fields,
  memoryAdapter,
  mikroOrmAdapter,
} from '../../src/index.ts'
import type { Inbox } from '../../src/testing/index.ts'
import { closeAfterEach, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

/** Everything one person can do, from sign-up to sign-out. */
async function completeEveryFlow({ auth, inbox }: { auth: AuthHandle; inbox: Inbox }, name: string) {
  const [visitor, other] = [visit(auth), visit(auth)]
  const email = `${name}@example.com`
  const password = 'the first password'
  const answers = [
    await visitor.post('/sign-up/email', { name, email, password }),
    await other.post('/sign-in/email', { email, password, rememberMe: false }),
    await visitor.get('/get-session'),
    await visitor.get('/list-sessions'),
    await visitor.post('/update-user', { name: `${name} II` }),
    await visitor.post('/update-session', { theme: 'dark' }),
    await visitor.post('/verify-password', { password }),
    await visitor.post('/change-password', {
      currentPassword: password,
      newPassword: 'the second password',
      revokeOtherSessions: true,
    }),
    await visitor.post('/request-password-reset', { email }),
  ]
  const { token } = await inbox.waitFor(email, 10_000)
  answers.push(
    await visitor.post('/reset-password', { newPassword: 'the third password', token }),
    await other.post('/sign-in/email', { email, password: 'the third password' }),
    await other.post('/revoke-other-sessions'),
    await other.post('/revoke-sessions'),
    await other.post('/sign-out'),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
}

// Within the transaction and after it: each must find a connection.
const audit = definePlugin({
  id: 'audit',
  hooks: {
    userCreating: async (_, { kernel }) => {
      await kernel.adapter.count({ model: 'user' })
    },
    sessionCreating: async (_, { kernel }) => {
      await kernel.unitOfWork.run(() => kernel.adapter.count({ model: 'session' }))
    },
    userCreated: async ({ id }, { kernel }) => {
      const where = [{ field: 'id', value: id }]
      await kernel.unitOfWork.run(() => kernel.adapter.update({ model: 'user', where, update: { image: 'set' } }))
    },
  },
})

function tests(open: () => Promise<Database>): void {
  it('completes every flow of 20 people at once, hooks that write included', async () => {
    const { auth, inbox, log } = createTestAuth<readonly AnyPlugin[], Fields, Fields>({
      database: await open(),
      session: { additionalFields: { theme: { type: 'string', input: true, required: false } }, updateAge: 0 },
      plugins: [audit],
    })
    await auth.createSchema()
    await Promise.all(Array.from({ length: 20 }, (_, index) => completeEveryFlow({ auth, inbox }, `person${index}`)))
    const where = [{ field: 'image', value: 'set' }]
    expect(await auth.context.adapter.count({ model: 'user', where })).toBe(20)
    expect(await auth.context.adapter.count({ model: 'session' })).toBe(0)
    expect(log).toEqual([])
  })
}

describe('one connection to the database [control 83]', { timeout: 60_000 }, () => {
  const closing = closeAfterEach()

  describe('memory', () => tests(async () => closing(memoryAdapter())))
  describe('SQLite', () => tests(async () => closing(mikroOrmAdapter({ url: 'sqlite::memory:' }))))
  describe.skipIf(skipWithoutPostgres())('PostgreSQL', () => {
    const createDatabase = withPostgres()
    tests(async () => closing(mikroOrmAdapter({ url: await createDatabase(), pool: 1 })))
  })
})
