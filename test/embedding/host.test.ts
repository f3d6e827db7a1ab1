import { describe, expect, it } from 'vitest'
import { ann } from '../support/test-auth.ts'
import { adapters, startHost } from './host.ts'

describe.each(Object.entries(adapters))("the router in a host's tRPC app, %s", (_name, adapter) => {
  it('sets its cookies on the HTTP response, and reads them from the next request', async () => {
    const { client, setCookies } = await startHost(adapter)
    const browser = client()
    const { token } = await browser.accounts.auth.signUp.email.mutate({ ...ann, nickname: 'An' })
    expect(setCookies).toEqual([expect.stringMatching(/^better-auth\.session_token=.*; HttpOnly; SameSite=Lax$/)])
    const current = await browser.accounts.auth.session.get.query()
    expect(current?.session.token).toBe(token)
    expect(current?.user.nickname).toBe('An')
    await browser.accounts.auth.signOut.mutate()
    expect(setCookies).toHaveLength(4)
    expect(await browser.accounts.auth.session.get.query()).toBeNull()
  })

  it("gives dates as Date, by the host's transformer", async () => {
    const { client, clock } = await startHost(adapter)
    const browser = client()
    const { user } = await browser.accounts.auth.signUp.email.mutate(ann)
    expect(user.createdAt).toEqual(clock.now())
    const [session] = await browser.accounts.auth.session.list.query()
    expect(session?.expiresAt).toBeInstanceOf(Date)
  })

  it("leaves the host's context to its procedures, in a batch with ours", async () => {
    const { client, seen } = await startHost(adapter)
    const browser = client()
    await browser.accounts.auth.signUp.email.mutate(ann)
    const before = seen.length
    const [one, other, isSame, current] = await Promise.all([
      browser.requestId.query(),
      browser.requestId.query(),
      browser.hasSameContext.query(),
      browser.accounts.auth.session.get.query(),
    ])
    expect(seen).toHaveLength(before + 1)
    expect(one).toMatch(/^request \d+$/)
    expect(other).toBe(one)
    expect(isSame).toBe(true)
    expect(current?.user.email).toBe(ann.email)
  })

  it("guards the host's procedures", async () => {
    const { client, clock } = await startHost(adapter)
    const browser = client()
    await expect(browser.notes.mine.query()).rejects.toThrow('The host wants a session')
    await browser.accounts.auth.signUp.email.mutate({ ...ann, nickname: 'An' })
    expect(await browser.notes.mine.query()).toEqual({ of: ann.email, nickname: 'An', since: clock.now() })
    await browser.accounts.auth.signOut.mutate()
    await expect(browser.notes.mine.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED', isHost: true } })
  })

  it('refuses to set a cookie on a streamed response, and streams what sets none', async () => {
    const { auth, streamed, setCookies } = await startHost(adapter)
    const browser = streamed()
    await expect(browser.accounts.auth.signUp.email.mutate(ann)).rejects.toMatchObject({
      data: { authCode: 'STREAMED_RESPONSE' },
    })
    expect(await auth.context.adapter.count({ model: 'user' })).toBe(0)
    expect(setCookies).toEqual([])
    expect(await browser.accounts.auth.session.get.query()).toBeNull()
    expect(await browser.requestId.query()).toMatch(/^request/)
  })

  it('checks the origin, hostile input and the rate', async () => {
    const { auth, client, origin, url } = await startHost(adapter)
    const resHeaders = new Headers()
    await auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    const cookie = resHeaders.getSetCookie()[0]?.split(';')[0] ?? ''
    const post = async (path: string, input: string, headers: Record<string, string>) => {
      const typed = { 'content-type': 'application/json', ...headers }
      const response = await fetch(`${url}/accounts.auth.${path}`, { method: 'POST', headers: typed, body: input })
      return (await response.json()).error?.json.data.authCode
    }
    expect(await post('signOut', '', { cookie, origin: 'https://evil.example' })).toBe('INVALID_ORIGIN')
    const operator = `{"json":${JSON.stringify({ ...ann, email: { $ne: null } })}}`
    expect(await post('signIn.email', operator, { origin })).toBe('VALIDATION_ERROR')
    expect(await post('signIn.email', '{"json":{"constructor":{}}}', { origin })).toBe('VALIDATION_ERROR')
    expect(await post('signIn.email', '{"json":', { origin })).toBe('BAD_REQUEST')

    const browser = client()
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => browser.accounts.auth.signIn.email.mutate(ann)))
    const refused = tries.flatMap(call => (call.status === 'rejected' ? [call.reason.data.authCode] : []))
    expect(refused).toContain('RATE_LIMITED')
  })
})
