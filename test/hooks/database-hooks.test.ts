import { describe, expect, it } from 'vitest'
import { type DatabaseHooks, memoryStorage, type Row } from '../../src/index.ts'
import { describeEveryInstance } from '../features/every-instance.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

/** Hooks that write down what they are told, for every model and action. */
function recorder(models = ['user', 'session', 'account', 'verification']) {
  const seen: { at: string; row: Row; path: string | undefined }[] = []
  const hook = (at: string) => ({
    before: (row: Row, context: { path: string } | null) =>
      void seen.push({ at: `${at}.before`, row, path: context?.path }),
    after: (row: Row, context: { path: string } | null) =>
      void seen.push({ at: `${at}.after`, row, path: context?.path }),
  })
  const databaseHooks: DatabaseHooks = Object.fromEntries(
    models.map(model => [
      model,
      { create: hook(`${model}.create`), update: hook(`${model}.update`), delete: hook(`${model}.delete`) },
    ]),
  )
  return { databaseHooks, seen, names: () => seen.splice(0).map(({ at }) => at) }
}

describeEveryInstance('databaseHooks are part of every write', start => {
  it('of the flows of e-mail and password', async () => {
    const { databaseHooks, names } = recorder()
    const { visit, inbox } = await start({ databaseHooks })
    const browser = visit()
    await browser.post('/sign-up/email', ann)
    expect(names()).toEqual([
      'user.create.before',
      'account.create.before',
      'session.create.before',
      'user.create.after',
      'account.create.after',
      'session.create.after',
    ])
    await browser.post('/update-user', { name: 'Anne' })
    expect(names()).toEqual(['user.update.before', 'user.update.after'])
    await browser.post('/request-password-reset', { email: ann.email, redirectTo: '/reset' })
    const { token } = await inbox.waitFor(ann.email)
    expect(names()).toEqual(['verification.create.before', 'verification.create.after'])
    await browser.post('/reset-password', { token, newPassword: 'another long password' })
    expect(names()).toEqual([
      'verification.delete.before',
      'account.update.before',
      'verification.delete.after',
      'account.update.after',
    ])
    await browser.post('/sign-out')
    expect(names()).toEqual(['session.delete.before', 'session.delete.after'])
  })

  it('what `before` returns is written, and `after` is given the row as it is', async () => {
    const after: Row[] = []
    const { visit, rows } = await start({
      databaseHooks: {
        user: {
          create: {
            before: user => ({ data: { name: `${user.name} the First` } }),
            after: user => void after.push(user),
          },
        },
      },
    })
    await visit().post('/sign-up/email', ann)
    const [stored] = await rows('user')
    expect(stored?.name).toBe('Ann the First')
    expect(after).toEqual([stored])
  })

  it('a refusal leaves nothing behind, and `after` does not run', async () => {
    const { databaseHooks, names } = recorder(['user', 'account'])
    const { visit, rows } = await start({
      databaseHooks: { ...databaseHooks, session: { create: { before: () => false } } },
    })
    const answer = await visit().post('/sign-up/email', ann)
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ code: 'FAILED_TO_CREATE_SESSION' })
    expect(answer.setCookies).toEqual({})
    for (const model of ['user', 'account', 'session']) expect(await rows(model)).toEqual([])
    expect(names()).toEqual(['user.create.before', 'account.create.before'])
  })
})

describe('databaseHooks', () => {
  it('are told of the call they run in', async () => {
    const { databaseHooks, seen } = recorder(['user'])
    const { auth } = createTestAuth({ databaseHooks })
    await visit(auth).post('/sign-up/email', ann)
    expect(seen.map(({ path }) => path)).toEqual(['/sign-up/email', '/sign-up/email'])
    seen.length = 0
    await auth.context.adapter.updateMany({ model: 'user', where: [], update: { name: 'Someone' } })
    expect(seen.map(({ at, path }) => [at, path])).toEqual([
      ['user.update.before', undefined],
      ['user.update.after', undefined],
    ])
  })

  it('what `after` throws is logged and changes nothing', async () => {
    const { auth, log } = createTestAuth({
      databaseHooks: {
        user: {
          create: {
            after: () => {
              throw new Error('the mailing list is down')
            },
          },
        },
      },
    })
    const answer = await visit(auth).post('/sign-up/email', ann)
    expect(answer.status).toBe(200)
    expect(log[0]?.message).toBe('user.create.after failed')
    expect(String(log[0]?.details[0])).toContain('the mailing list is down')
  })

  it('sessions that live in secondary storage only are observed too', async () => {
    const { databaseHooks, names, seen } = recorder(['session'])
    const { auth } = createTestAuth({ databaseHooks, secondaryStorage: memoryStorage() })
    const browser = visit(auth)
    await browser.post('/sign-up/email', ann)
    expect(seen[1]?.row).toMatchObject({ userAgent: '', userId: expect.any(String) })
    expect(names()).toEqual(['session.create.before', 'session.create.after'])
    await visit(auth).post('/sign-in/email', ann)
    names()
    await browser.post('/revoke-other-sessions', {})
    expect(names()).toEqual(['session.delete.before', 'session.delete.after'])
    await browser.post('/sign-out')
    expect(names()).toEqual(['session.delete.before', 'session.delete.after'])
  })
})
