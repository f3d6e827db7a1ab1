import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cookieOf, postJson, rawRequest } from '../support/raw-request.ts'
import { startServer } from '../support/start-server.ts'
import { ann, secret } from '../support/test-auth.ts'

const NAME = 'better-auth.session_token'

function signed(value: string, key = secret): string {
  return encodeURIComponent(`${value}.${createHmac('sha256', key).update(value).digest('base64')}`)
}

async function startSignedIn() {
  const server = await startServer()
  const cookie = cookieOf(await postJson(server.origin, '/api/auth/sign-up/email', ann))
  const [token = '', signature = ''] = decodeURIComponent(cookie.slice(NAME.length + 1)).split('.')
  return { ...server, cookie, token, signature }
}

describe('a session cookie', () => {
  it('is the token and its base64 HMAC-SHA256', async () => {
    const { origin, cookie, token } = await startSignedIn()
    expect(cookie).toBe(`${NAME}=${signed(token)}`)
    const answer = await rawRequest(origin, { path: '/api/auth/get-session', headers: { cookie } })
    expect(JSON.parse(answer.text).session.token).toBe(token)
  })

  it('that is bad in any way is no session, and never an error of the server', async () => {
    const { origin, url, log, cookie, token, signature } = await startSignedIn()
    const bad: Record<string, string> = {
      empty: `${NAME}=`,
      'no value': NAME,
      'the bare token': `${NAME}=${token}`,
      'without signature': `${NAME}=${token}.`,
      'cut short': cookie.slice(0, -4),
      'cut within the token': `${NAME}=${token.slice(0, 5)}`,
      lengthened: `${cookie}A`,
      'signed with another secret': `${NAME}=${signed(token, 'another secret')}`,
      'signed with no secret': `${NAME}=${signed(token, '')}`,
      'of an unknown token': `${NAME}=${signed('x'.repeat(32))}`,
      'of another token': `${NAME}=${encodeURIComponent(`${'x'.repeat(32)}.${signature}`)}`,
      'of an empty token': `${NAME}=${signed('')}`,
      'of an object': `${NAME}=${signed('[object Object]')}`,
      'under another name': cookie.replace(NAME, 'better-auth.session'),
      'under the secure name': cookie.replace(NAME, `__Secure-${NAME}`),
      'broken percent-encoding': `${NAME}=%E0%A4%A.%ZZ`,
      'encoded twice': `${NAME}=${encodeURIComponent(signed(token))}`,
      'other alphabet': `${NAME}=${token}.${signature.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')}`,
      'control characters': `${NAME}=%00%0d%0a.%00`,
      quotes: `${NAME}="`,
      JSON: `${NAME}={"$ne":null}`,
      'latin-1': `${NAME}=\u00e9\u00ff.\u00e9`,
      'very long': `${NAME}=${'a'.repeat(12_000)}`,
      many: `${'a=b; '.repeat(1000)}${NAME}=x`,
      'only separators': ';;;=;= ;',
      'a bad one first': `${NAME}=bad; ${cookie}`,
    }
    for (const [kind, value] of Object.entries(bad)) {
      const headers = { cookie: value, origin }
      const read = await rawRequest(origin, { path: '/api/auth/get-session', headers })
      expect([kind, read.status, read.text]).toEqual([kind, 200, 'null'])
      const list = await rawRequest(origin, { path: '/api/auth/list-sessions', headers })
      expect([kind, list.status, JSON.parse(list.text).code]).toEqual([kind, 401, 'UNAUTHORIZED'])
      const byTrpc = await rawRequest(origin, { path: '/api/auth/trpc/session.get', headers })
      expect([kind, byTrpc.text]).toEqual([kind, '{"result":{"data":null}}'])
      const signOut = await rawRequest(origin, { method: 'POST', path: '/api/auth/sign-out', headers })
      expect([kind, signOut.status]).toEqual([kind, 200])
    }
    expect(log).toEqual([])
    const headers = { cookie }
    expect((await rawRequest(origin, { path: `${new URL(url).pathname}/get-session`, headers })).text).not.toBe('null')
  })

  it('of one instance is nothing to another with its own secret', async () => {
    const { cookie } = await startSignedIn()
    const other = await startServer({ secret: 'the-other-secret-the-other-secret-0123456789' })
    await postJson(other.origin, '/api/auth/sign-up/email', ann)
    const answer = await rawRequest(other.origin, { path: '/api/auth/get-session', headers: { cookie } })
    expect(answer.text).toBe('null')
  })

  it('of a session that ended is expired on the way out', async () => {
    const { origin, cookie, clock } = await startSignedIn()
    clock.advance(8 * 86_400)
    const answer = await rawRequest(origin, { path: '/api/auth/get-session', headers: { cookie } })
    expect(answer.text).toBe('null')
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^better-auth\.session_token=; Max-Age=0;/)
  })
})
