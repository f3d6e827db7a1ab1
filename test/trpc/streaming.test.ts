import { createTRPCClient, httpBatchStreamLink } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { mounts, startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

/** A server and what streams from it, as someone who signed up without streaming. */
async function startStreaming(mount: (typeof mounts)['express']) {
  const database = countingDatabase(memoryAdapter())
  const server = await startServer({ database }, mount)
  const resHeaders = new Headers()
  await server.auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
  const cookie = resHeaders
    .getSetCookie()
    .map(header => header.split(';')[0])
    .join('; ')
  const cookies: string[] = []
  const recorded: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    cookies.push(...response.headers.getSetCookie())
    return response
  }
  const link = { url: `${server.url}/trpc`, fetch: recorded }
  const streamed = (headers: Record<string, string>) =>
    createTRPCClient<typeof server.auth.router>({ links: [httpBatchStreamLink({ ...link, headers })] })
  database.calls.length = 0
  return {
    ...server,
    database,
    cookies,
    stranger: streamed({ origin: server.origin }),
    visitor: streamed({ origin: server.origin, cookie }),
  }
}

const refusal = { data: { authCode: 'STREAMED_RESPONSE', code: 'BAD_REQUEST' } }

describe.each(Object.entries(mounts))('a streamed response, %s', (_name, mount) => {
  it('refuses what could set a cookie, before anything is read or written', async () => {
    const { stranger, visitor, database, cookies } = await startStreaming(mount)
    const newPerson = { ...ann, email: 'bo@example.com' }
    const calls = await Promise.allSettled([
      stranger.signUp.email.mutate(newPerson),
      stranger.signIn.email.mutate(ann),
      visitor.signOut.mutate(),
      visitor.user.update.mutate({ name: 'Annie' }),
    ])
    for (const call of calls) expect(call).toMatchObject({ status: 'rejected', reason: refusal })
    expect(database.calls).toEqual([])
    expect(cookies).toEqual([])
  })

  it('carries queries, in a batch', async () => {
    const { visitor, stranger } = await startStreaming(mount)
    const [current, sessions] = await Promise.all([visitor.session.get.query(), visitor.session.list.query()])
    expect(current?.user.email).toBe(ann.email)
    expect(sessions).toEqual([current?.session])
    await expect(stranger.session.list.query()).rejects.toMatchObject({ data: { authCode: 'UNAUTHORIZED' } })
  })

  it('leaves a session that is due as it is, for a request that can carry the cookie', async () => {
    const { visitor, clock, database, cookies } = await startStreaming(mount)
    clock.advance(2 * 86_400)
    expect(await visitor.session.get.query()).not.toBeNull()
    expect(database.calls).toEqual(['findOne session'])
    clock.advance(6 * 86_400)
    expect(await visitor.session.get.query()).toBeNull()
    expect(cookies).toEqual([])
  })
})
