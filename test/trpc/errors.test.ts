import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { mounts, startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

async function failureOf(call: Promise<unknown>): Promise<TRPCClientError<never>> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof TRPCClientError) return error
  throw new Error('the call should have failed')
}

describe.each(Object.entries(mounts))('an error of a tRPC call, %s', (_name, mount) => {
  it('has code, status and message, and no stack', async () => {
    const { client } = await startServer({}, mount)
    const browser = client()
    await browser.signUp.email.mutate(ann)
    const cases: [call: () => Promise<unknown>, authCode: string, status: number][] = [
      [() => browser.signIn.email.mutate({ ...ann, password: 'wrong password' }), 'INVALID_CREDENTIALS', 401],
      [() => browser.signUp.email.mutate(ann), 'EMAIL_ALREADY_IN_USE', 409],
      [() => browser.signUp.email.mutate({ ...ann, password: 'short' }), 'PASSWORD_TOO_SHORT', 400],
      [() => client().session.list.query(), 'UNAUTHORIZED', 401],
      [() => browser.password.reset.mutate({ token: 'unknown', newPassword: 'long enough' }), 'INVALID_TOKEN', 400],
      [() => browser.session.refresh.mutate({}), 'METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED', 405],
    ]
    for (const [call, authCode, httpStatus] of cases) {
      const { data, shape, message } = await failureOf(call())
      expect(data).toMatchObject({ authCode, httpStatus })
      expect(message.length).toBeGreaterThan(0)
      expect(JSON.stringify(shape)).not.toMatch(/stack|at .*\.ts/)
    }
  })

  it("names each wrong field in the message, in Better Auth's form", async () => {
    const { client } = await startServer({}, mount)
    const wrong = { email: 5, password: { $ne: null } } as unknown as typeof ann
    const { message, data } = await failureOf(client().signUp.email.mutate(wrong))
    expect(data).toMatchObject({ authCode: 'VALIDATION_ERROR', httpStatus: 400 })
    expect(message).toBe(
      '[body.name] Invalid input: expected string, received undefined; ' +
        '[body.email] Invalid input: expected string, received number; ' +
        '[body.password] Invalid input: expected string, received object',
    )
  })

  it('that nobody expected says nothing of its cause and is logged once', async () => {
    const database = countingDatabase(memoryAdapter())
    const { client, log } = await startServer({ database }, mount)
    const cause = new Error('password authentication failed for "root"')
    database.failure = () => cause
    const { data, message, shape } = await failureOf(client().signUp.email.mutate(ann))
    expect(message).toBe('Internal server error')
    expect(data).toMatchObject({ authCode: 'INTERNAL_SERVER_ERROR', httpStatus: 500 })
    expect(JSON.stringify(shape)).not.toMatch(/root|stack/)
    expect(log).toEqual([{ message: 'signUpEmail failed', details: [expect.stringContaining(cause.message)] }])
  })

  it('of an unknown procedure or a wrong kind of call is NOT_FOUND', async () => {
    const { client, url } = await startServer({}, mount)
    const unknown = client() as unknown as { nothing: { here: { query(): Promise<unknown> } } }
    expect((await failureOf(unknown.nothing.here.query())).data).toMatchObject({ authCode: 'NOT_FOUND' })
    const mutationByGet = await fetch(`${url}/trpc/signOut`)
    expect(await mutationByGet.json()).toMatchObject({ error: { data: { authCode: 'NOT_FOUND' } } })
    const queryByPost = await fetch(`${url}/trpc/session.get`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(await queryByPost.json()).toMatchObject({ error: { data: { authCode: 'NOT_FOUND' } } })
  })

  it("carries Better Auth's names with compat.errors", async () => {
    const { client } = await startServer({ compat: { errors: 'better-auth' } }, mount)
    const { data } = await failureOf(client().signIn.email.mutate(ann))
    expect(data).toMatchObject({ authCode: 'INVALID_EMAIL_OR_PASSWORD', httpStatus: 401 })
  })
})
