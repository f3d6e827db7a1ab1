import { describe, expect, it } from 'vitest'
import { memoryAdapter, type Session } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { mounts, startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

/** A `fetch` that notes what it sends. */
function recordingFetch() {
  const requests: string[] = []
  const send: typeof fetch = (input, init) => {
    const path = new URL(String(input)).pathname.replace('/api/auth/trpc/', '')
    requests.push(`${init?.method} ${path}`)
    return fetch(input, init)
  }
  return { requests, send }
}

describe.each(Object.entries(mounts))('a batch, %s', (_name, mount) => {
  it('is one request, and reads session and user once, in one query', async () => {
    const database = countingDatabase(memoryAdapter())
    const { requests, send } = recordingFetch()
    const { client } = await startServer({ database }, mount)
    const browser = client({ fetch: send })
    await browser.signUp.email.mutate(ann)
    requests.length = 0
    database.calls.length = 0

    const [current, sessions, again] = await Promise.all([
      browser.session.get.query(),
      browser.session.list.query(),
      browser.session.get.query(),
    ])
    expect(requests).toEqual(['GET session.get,session.list,session.get'])
    expect(database.calls).toEqual(['findOne session', 'findMany session'])
    expect(again).toEqual(current)
    expect(sessions).toEqual([current?.session])
  })

  it('reads the session once for mutations, too', async () => {
    const database = countingDatabase(memoryAdapter())
    const { requests, send } = recordingFetch()
    const { client } = await startServer({ database }, mount)
    const browser = client({ fetch: send })
    await browser.signUp.email.mutate(ann)
    requests.length = 0
    database.calls.length = 0

    await Promise.all([browser.user.update.mutate({ name: 'Annie' }), browser.session.revokeOthers.mutate()])
    expect(requests).toEqual(['POST user.update,session.revokeOthers'])
    expect(database.calls.filter(call => call === 'findOne session')).toHaveLength(1)
  })

  it('extends a session that is due once, with one cookie', async () => {
    const { auth, client, clock } = await startServer({}, mount)
    const cookies: string[] = []
    const browser = client({
      fetch: async (input, init) => {
        const response = await fetch(input, init)
        cookies.push(...response.headers.getSetCookie())
        return response
      },
    })
    await browser.signUp.email.mutate(ann)
    cookies.length = 0
    clock.advance(2 * 86_400)
    const [current] = await Promise.all([browser.session.get.query(), browser.session.list.query()])
    expect(cookies).toHaveLength(1)
    expect(cookies[0]).toContain('Max-Age=604800')
    const [row] = await auth.context.adapter.findMany({ model: 'session', where: [] })
    expect((row as unknown as Session).expiresAt.toISOString()).toBe(current?.session.expiresAt)
  })

  it('carries the cookie of each call that sets one, and the errors of those that fail', async () => {
    const { client } = await startServer({}, mount)
    const browser = client()
    const [signedUp, refused] = await Promise.allSettled([
      browser.signUp.email.mutate(ann),
      browser.signUp.email.mutate({ ...ann, email: 'bo@example.com', password: 'short' }),
    ])
    expect(signedUp.status).toBe('fulfilled')
    expect(refused).toMatchObject({ status: 'rejected', reason: { data: { authCode: 'PASSWORD_TOO_SHORT' } } })
    expect((await browser.session.get.query())?.user.email).toBe(ann.email)
  })

  it('keeps none of the cookies of a call that fails unexpectedly', async () => {
    const database = countingDatabase(memoryAdapter())
    const { client } = await startServer({ database }, mount)
    await client().signUp.email.mutate(ann)
    database.failure = call => (call === 'create session' ? new Error('disk full') : undefined)
    const browser = client()
    await expect(browser.signIn.email.mutate(ann)).rejects.toMatchObject({
      data: { authCode: 'INTERNAL_SERVER_ERROR' },
    })
    database.failure = undefined
    expect(await browser.session.get.query()).toBeNull()
  })

  it('of more than twenty calls is refused; the client splits larger ones', async () => {
    const { client, url } = await startServer({}, mount)
    const { requests, send } = recordingFetch()
    const browser = client({ fetch: send })
    const answers = await Promise.all(Array.from({ length: 25 }, () => browser.system.ok.query()))
    expect(answers).toHaveLength(25)
    expect(requests).toHaveLength(2)

    const paths = Array.from({ length: 21 }, () => 'system.ok').join(',')
    const response = await fetch(`${url}/trpc/${paths}?batch=1&input=%7B%7D`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { message: 'Batch call exceeds maximum size', data: { authCode: 'VALIDATION_ERROR' } },
    })
  })
})
