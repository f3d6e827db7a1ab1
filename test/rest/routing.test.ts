import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { rawRequest } from '../support/raw-request.ts'
import { mounts, startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

const notFound = '{"message":"Not found","code":"NOT_FOUND"}'

/** Other spellings of two routes. A proxy that guards a path must not be passed by spelling it differently. */
const VARIANTS = [
  '/api/auth//sign-up/email',
  '/api/auth/sign-up//email',
  '/api/auth/sign-up/email/',
  '/api/auth/sign-up/email//',
  '/api/auth/./sign-up/email',
  '/api/auth/sign-up/./email',
  '/api/auth/sign-up/email/.',
  '/api/auth/x/../sign-up/email',
  '/api/auth/ok/../sign-up/email',
  '/api/auth/%2e/sign-up/email',
  '/api/auth/x/%2e%2e/sign-up/email',
  '/api/auth/x/%2E./sign-up/email',
  '/api/auth/sign-up%2femail',
  '/api/auth/sign-up%2Femail',
  '/api/auth/%73ign-up/email',
  '/api/auth/Sign-Up/Email',
  '/api/auth/SIGN-UP/EMAIL',
  '/api/auth/sign-up\\email',
  '/api/auth/sign-up/email;a=b',
  '/api/auth/sign-up/email%20',
  '/api/auth/sign-up/email%00',
  '/api/auth/sign-up/em%09ail',
  '/api/auth/trpc/../sign-up/email',
  '/api/auth/trpc//signUp.email',
  '/api/auth/trpc/signup.email',
  '/api/auth/trpc/__proto__',
  '/api/auth/trpc/constructor',
]

/** Spellings under another first segment, which are the application's. */
const ELSEWHERE = [
  '/api/auth%2fsign-up%2femail',
  '/API/AUTH/sign-up/email',
  '/Api/auth/sign-up/email',
  '//api/auth/sign-up/email',
  '/api//auth/sign-up/email',
  '/./api/auth/sign-up/email',
  '/x/../api/auth/sign-up/email',
  '/%61pi/auth/sign-up/email',
  '/api%2fauth/sign-up/email',
  '/api/authsign-up/email',
  '/api/auth.sign-up/email',
]

describe('a path that is no route', () => {
  it.each(Object.entries(mounts))('is 404 as JSON, %s', async (_name, mount) => {
    const { origin } = await startServer({}, mount)
    for (const path of [
      '/nope',
      '',
      '/',
      '/sign-in',
      '/sign-in/',
      '/ok/',
      '//ok',
      '/ok/more',
      '/trpc',
      '/reset-password/',
    ]) {
      for (const method of ['GET', 'POST']) {
        const answer = await rawRequest(origin, { method, path: `/api/auth${path}` })
        if (method === 'POST' && path === '/trpc') continue
        expect([method, path, answer.status, answer.text]).toEqual([method, path, 404, notFound])
        expect(answer.headers['content-type']).toContain('application/json')
      }
    }
  })

  it.each(Object.entries(mounts))('or no method of it, either, %s', async (_name, mount) => {
    const { origin } = await startServer({}, mount)
    const wrong: [method: string, path: string][] = [
      ['GET', '/sign-in/email'],
      ['POST', '/ok'],
      ['POST', '/list-sessions'],
      ['OPTIONS', '/sign-in/email'],
      ['OPTIONS', '/ok'],
      ['PUT', '/update-user'],
      ['PATCH', '/update-user'],
      ['DELETE', '/sign-out'],
      ['POST', '/openapi.json'],
      ['POST', '/error'],
    ]
    for (const [method, path] of wrong) {
      const answer = await rawRequest(origin, { method, path: `/api/auth${path}`, headers: { origin } })
      expect([method, path, answer.status, answer.text]).toEqual([method, path, 404, notFound])
    }
    const head = await rawRequest(origin, { method: 'HEAD', path: '/api/auth/ok' })
    expect([head.status, head.text]).toEqual([404, ''])
  })

  it('reaches no procedure by another spelling', async () => {
    const database = countingDatabase(memoryAdapter())
    const { origin } = await startServer({ database })
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(ann)
    for (const path of [...VARIANTS, ...ELSEWHERE]) {
      const answer = await rawRequest(origin, { method: 'POST', path, headers, body })
      expect([path, answer.status]).toEqual([path, 404])
      if (VARIANTS.includes(path)) expect([path, answer.text]).toEqual([path, expect.stringContaining('NOT_FOUND')])
    }
    expect(database.calls).toEqual([])
  })

  it('does not take a prototype for a page', async () => {
    const { origin } = await startServer()
    for (const path of ['/constructor', '/__proto__', '/toString', '/hasOwnProperty']) {
      expect((await rawRequest(origin, { path: `/api/auth${path}` })).text).toBe(notFound)
    }
  })
})

describe('a route with a parameter', () => {
  it('takes it percent-encoded, and no more than one segment', async () => {
    const { origin } = await startServer()
    const get = (path: string) => rawRequest(origin, { path: `/api/auth${path}` })
    expect((await get('/reset-password/a%2Fb?callbackURL=/x')).headers.location).toBe(`${origin}/x?error=INVALID_TOKEN`)
    for (const path of [
      '/reset-password/a/b?callbackURL=/x',
      '/reset-password/%E0%A4%A?callbackURL=/x',
      '/reset-password/?callbackURL=/x',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404])
    }
  })
})

describe('basePath', () => {
  it('is taken from baseURL, or given', async () => {
    for (const options of [{ basePath: '/auth/v1' }, { basePath: '/auth/v1/' }]) {
      const { origin } = await startServer(options)
      expect((await rawRequest(origin, { path: '/auth/v1/ok' })).text).toBe('{"ok":true}')
      expect((await rawRequest(origin, { path: '/api/auth/ok' })).status).toBe(404)
    }
  })
})
