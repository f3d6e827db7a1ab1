import { describe, expect, it } from 'vitest'
import { type Database, memoryAdapter, mikroOrmAdapter } from '../../src/index.ts'
import { closeAfterEach, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

/** Everything one person can do, from sign-up to sign-out. */
async function completeEveryFlow(
  { auth, inbox }: Pick<ReturnType<typeof createTestAuth>, 'auth' | 'inbox'>,
  name: string,
) {
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

function tests(open: () => Promise<Database>): void {
  it('completes every flow of 20 people at once, hooks that write included', async () => {
    const test = createTestAuth({
      database: await open(),
      session: { additionalFields: { theme: { type: 'string', input: true, required: false } }, updateAge: 0 },
      plugins: [
        {
          id: 'audit',
          hooks: {
            // Within the transaction and after it: each must find a connection.
            userCreating: async (_, { kernel }) => void (await kernel.adapter.count({ model: 'user' })),
            userCreated: async (user, { kernel }) => {
              const where = [{ field: 'id', value: user.id }]
              await kernel.unitOfWork.run(() =>
                kernel.adapter.update({ model: 'user', where, update: { image: 'set' } }),
              )
            },
            sessionCreating: async (_, { kernel }) =>
              void (await kernel.unitOfWork.run(() => kernel.adapter.count({ model: 'session' }))),
          },
        },
      ],
    })
    await test.auth.createSchema()
    await Promise.all(Array.from({ length: 20 }, (_, index) => completeEveryFlow(test as never, `person${index}`)))
    expect(await test.auth.context.adapter.count({ model: 'user', where: [{ field: 'image', value: 'set' }] })).toBe(20)
    expect(await test.auth.context.adapter.count({ model: 'session' })).toBe(0)
    expect(test.log).toEqual([])
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
