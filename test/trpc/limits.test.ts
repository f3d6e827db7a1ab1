import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { mounts, startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

const json = { 'content-type': 'application/json' }

describe.each(Object.entries(mounts))('what stands before a tRPC call, %s', (_name, mount) => {
  it('counts every call of a batch, on the same counter as REST', async () => {
    const { client, origin, url, clock } = await startServer({ rateLimit: { enabled: true } }, mount)
    const byRest = () =>
      fetch(`${url}/sign-in/email`, { method: 'POST', headers: { ...json, origin }, body: JSON.stringify(ann) })
    expect((await byRest()).status).toBe(401)
    expect((await byRest()).status).toBe(401)

    const browser = client()
    const calls = await Promise.allSettled([browser.signIn.email.mutate(ann), browser.signIn.email.mutate(ann)])
    expect(calls.map(call => (call.status === 'rejected' ? call.reason.data.authCode : 'ok'))).toEqual([
      'INVALID_CREDENTIALS',
      'RATE_LIMITED',
    ])

    const refused = await byRest()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('x-retry-after')).toBe('10')
    expect(refused.headers.get('retry-after')).toBe('10')
    // Each procedure has a counter of its own.
    expect(await browser.session.get.query()).toBeNull()
    clock.advance(11)
    expect((await byRest()).status).toBe(401)
  })

  it('counts each alias of a procedure on the counter of its first REST line', async () => {
    const { client, origin, url } = await startServer({ rateLimit: { enabled: true } }, mount)
    const body = JSON.stringify({ email: ann.email })
    const headers = { ...json, origin }
    const ask = (path: string) => fetch(`${url}${path}`, { method: 'POST', headers, body })
    const statuses = [await ask('/request-password-reset'), await ask('/forget-password')].map(({ status }) => status)
    expect(statuses).toEqual([200, 200])
    await client().password.requestReset.mutate({ email: ann.email })
    expect((await ask('/forget-password')).status).toBe(429)
  })

  it('tells the wait in the headers of a batch', async () => {
    const { url } = await startServer({ rateLimit: { enabled: true, max: 1 } }, mount)
    const response = await fetch(`${url}/trpc/system.ok,system.ok?batch=1&input=%7B%7D`)
    expect(response.status).toBe(207)
    expect(response.headers.get('retry-after')).toBe('10')
    expect(await response.json()).toMatchObject([
      { result: { data: { ok: true } } },
      { error: { data: { authCode: 'RATE_LIMITED', httpStatus: 429 } } },
    ])
  })

  it('refuses a body over 1 MiB', async () => {
    const database = countingDatabase(memoryAdapter())
    const { client } = await startServer({ database }, mount)
    const big = { ...ann, name: 'x'.repeat(1024 * 1024) }
    await expect(client().signUp.email.mutate(big)).rejects.toMatchObject({
      data: { authCode: 'PAYLOAD_TOO_LARGE', httpStatus: 413 },
    })
    expect(database.calls).toEqual([])
  })

  it('refuses a body that is not JSON', async () => {
    const { origin, url } = await startServer({}, mount)
    const send = (headers: Record<string, string>, body: string) =>
      fetch(`${url}/trpc/signIn.email`, { method: 'POST', headers: { origin, ...headers }, body })
    const text = await send({ 'content-type': 'text/plain' }, '{}')
    expect(text.status).toBe(415)
    expect(await text.json()).toMatchObject({ error: { data: { authCode: 'UNSUPPORTED_MEDIA_TYPE' } } })
    const broken = await send(json, '{')
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({
      error: { message: 'Invalid JSON in request body', data: { authCode: 'BAD_REQUEST' } },
    })
    const brokenQuery = await fetch(`${url}/trpc/session.list?input=%7B`)
    expect(await brokenQuery.json()).toMatchObject({ error: { data: { authCode: 'BAD_REQUEST', httpStatus: 400 } } })
  })

  it('refuses a foreign origin with a cookie, and takes none without one', async () => {
    const database = countingDatabase(memoryAdapter())
    const { client, auth } = await startServer({ database }, mount)
    const resHeaders = new Headers()
    await auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    const cookie = resHeaders
      .getSetCookie()
      .map(header => header.split(';')[0])
      .join('; ')
    database.calls.length = 0
    const foreign = client({ cookie, headers: { origin: 'https://evil.example' } })
    await expect(foreign.signOut.mutate()).rejects.toMatchObject({
      data: { authCode: 'INVALID_ORIGIN', httpStatus: 403 },
    })
    const hidden = client({ cookie, headers: { origin: 'null' } })
    await expect(hidden.user.update.mutate({ name: 'Evil' })).rejects.toMatchObject({
      data: { authCode: 'MISSING_OR_NULL_ORIGIN' },
    })
    expect(database.calls).toEqual([])
    expect((await client({ cookie }).session.get.query())?.user.name).toBe(ann.name)
  })
})
