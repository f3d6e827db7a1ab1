import { initTRPC } from '@trpc/server'
import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { adapters, startHost } from './host.ts'

const standalone = adapters.standalone as NonNullable<(typeof adapters)[string]>

describe("a host's error formatter", () => {
  it('that composes formatError has the code, beside what is its own', async () => {
    const { client } = await startHost(standalone)
    const wrong = client().accounts.auth.signIn.email.mutate(ann)
    await expect(wrong).rejects.toMatchObject({
      message: 'Invalid email or password',
      data: { authCode: 'INVALID_CREDENTIALS', code: 'UNAUTHORIZED', httpStatus: 401, isHost: true },
    })
  })

  it("keeps the host's own errors as they are", async () => {
    const { client } = await startHost(standalone)
    const error = await client()
      .conflict.query()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      message: 'The host is in conflict',
      data: { code: 'CONFLICT', httpStatus: 409, isHost: true },
    })
    expect(error).not.toHaveProperty('data.authCode')
  })

  it('that does not compose it gets status and message all the same', async () => {
    const { client } = await startHost(standalone, false)
    await expect(client().accounts.auth.signIn.email.mutate(ann)).rejects.toMatchObject({
      message: 'Invalid email or password',
      data: { code: 'UNAUTHORIZED', httpStatus: 401, isHost: true },
    })
  })

  it('is told nothing of an unexpected error', async () => {
    const database = countingDatabase(memoryAdapter())
    const { auth, log } = createTestAuth({ database })
    database.failure = () => new Error('password authentication failed for "root"')
    const t = initTRPC.create()
    const seen: unknown[] = []
    const router = initTRPC
      .context<object>()
      .create({
        errorFormatter: ({ shape, error }) => {
          seen.push(error.message)
          return shape
        },
      })
      .router({ auth: auth.router })
    const caller = t.createCallerFactory(router)(auth.createContext({ headers: {} }))
    await expect(caller.auth.signUp.email(ann)).rejects.toMatchObject({ message: 'Internal server error' })
    expect(log).toHaveLength(1)
    expect(JSON.stringify(seen)).not.toContain('root')
  })
})
