import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { listProcedures, restRoutes } from '../../src/meta.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { cookieOf, postJson, rawRequest } from '../support/raw-request.ts'
import { startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

describe('a foreign origin with a cookie', () => {
  it('is refused by every procedure that writes, before the database', async () => {
    const database = countingDatabase(memoryAdapter())
    const { auth, origin } = await startServer({ database })
    const cookie = cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann))
    database.calls.length = 0
    const routes = listProcedures(auth.router).flatMap(({ meta }) => restRoutes(meta))
    const posts = routes.filter(({ method }) => method === 'POST')
    expect(posts.length).toBeGreaterThan(12)
    for (const { path } of posts) {
      for (const [foreign, code] of [
        ['https://evil.example', 'INVALID_ORIGIN'],
        ['null', 'MISSING_OR_NULL_ORIGIN'],
        [`${origin}.evil.example`, 'INVALID_ORIGIN'],
        [origin.replace('http', 'https'), 'INVALID_ORIGIN'],
      ] as const) {
        const answer = await postJson(origin, `/api/auth${path}`, {}, { cookie, origin: foreign })
        expect([path, foreign, answer.status, JSON.parse(answer.text).code]).toEqual([path, foreign, 403, code])
      }
      const without = await postJson(origin, `/api/auth${path}`, {}, { cookie })
      expect([path, without.status, JSON.parse(without.text).code]).toEqual([path, 403, 'MISSING_OR_NULL_ORIGIN'])
    }
    expect(database.calls).toEqual([])
  })

  it('may read, since its page cannot see the answer', async () => {
    const { origin } = await startServer()
    const cookie = cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann))
    const answer = await rawRequest(origin, {
      path: '/api/auth/get-session',
      headers: { cookie, origin: 'https://evil.example' },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('is taken from the referer where there is no origin', async () => {
    const { origin } = await startServer()
    const cookie = cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann))
    const foreign = await postJson(
      origin,
      '/api/auth/update-user',
      { name: 'B' },
      { cookie, referer: 'https://evil.example/x' },
    )
    expect(foreign.status).toBe(403)
    const own = await postJson(origin, '/api/auth/update-user', { name: 'B' }, { cookie, referer: `${origin}/profile` })
    expect(own.status).toBe(200)
  })
})

describe('a trusted origin', () => {
  it('is the own one, and those the application names', async () => {
    const trustedOrigins = ['https://app.example', 'https://*.preview.example']
    const { origin } = await startServer({ trustedOrigins })
    const cookie = cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann))
    const from = async (given: string) =>
      (await postJson(origin, '/api/auth/update-user', { name: 'B' }, { cookie, origin: given })).status
    expect(await from(origin)).toBe(200)
    expect(await from('https://app.example')).toBe(200)
    expect(await from('https://pr-1.preview.example')).toBe(200)
    expect(await from('https://preview.example')).toBe(403)
    expect(await from('https://app.example.evil.example')).toBe(403)
  })

  it('may be told by the application for each request', async () => {
    const { origin } = await startServer({
      trustedOrigins: async request => [request?.headers.get('x-tenant') ?? ''].filter(Boolean),
    })
    const cookie = cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann))
    const headers = { cookie, origin: 'https://one.example' }
    expect((await postJson(origin, '/api/auth/update-user', { name: 'B' }, headers)).status).toBe(403)
    const tenant = { ...headers, 'x-tenant': 'https://one.example' }
    expect((await postJson(origin, '/api/auth/update-user', { name: 'B' }, tenant)).status).toBe(200)
  })
})

describe('a sign-in from a foreign page, without a cookie', () => {
  it('is refused: it would sign the visitor in as someone else', async () => {
    const { origin } = await startServer()
    await postJson(origin, '/api/auth/sign-up/email', ann)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: 'https://evil.example' }
    const body = new URLSearchParams({ email: ann.email, password: ann.password }).toString()
    const path = '/api/auth/sign-in/email'
    const navigated = await rawRequest(origin, { method: 'POST', path, headers: { ...form, ...navigation }, body })
    expect([navigated.status, JSON.parse(navigated.text).code]).toEqual([403, 'CROSS_SITE_NAVIGATION_LOGIN_BLOCKED'])
    const scripted = await postJson(origin, path, ann, { 'sec-fetch-mode': 'cors', origin: 'https://evil.example' })
    expect([scripted.status, JSON.parse(scripted.text).code]).toEqual([403, 'INVALID_ORIGIN'])
    expect(scripted.headers['set-cookie']).toBeUndefined()
  })
})
