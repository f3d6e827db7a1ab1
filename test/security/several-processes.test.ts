import { describe, expect, it, onTestFinished } from 'vitest'
import { mikroOrmAdapter } from '../../src/index.ts'
import { type AppProcess, type AppProcessOptions, startAppProcess } from '../support/app-process.ts'
import { withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { cookieOf, postJson, rawRequest } from '../support/raw-request.ts'
import { skipWithoutRedis, startRedis } from '../support/redis.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'

const baseURL = 'https://app.example.com'
const from = (address: string) => ({ origin: baseURL, 'x-real-ip': address })

const isMissing = skipWithoutPostgres() || skipWithoutRedis()

/** Sessions in Redis, or in the database; counters there as well. */
const layouts: [name: string, hasRedis: boolean][] = [
  ['one PostgreSQL and one Redis', true],
  ['one PostgreSQL alone', false],
]

describe.skipIf(isMissing).each(layouts)('two processes on %s', { timeout: 60_000 }, (_name, hasRedis) => {
  const createDatabase = withPostgres()

  async function startTwo(limits: AppProcessOptions['rateLimit'] = { enabled: false }) {
    const databaseUrl = await createDatabase()
    const redis = hasRedis ? await startRedis() : undefined
    const rateLimit = hasRedis ? limits : { ...limits, storage: 'database' as const }
    const setUp = createTestAuth({ database: mikroOrmAdapter({ url: databaseUrl }), rateLimit })
    await setUp.auth.createSchema()
    await setUp.auth.close()
    const keyPrefix = `test-${crypto.randomUUID()}:`
    const options = { databaseUrl, redisUrl: redis?.url, keyPrefix, baseURL, rateLimit }
    const processes = await Promise.all([startAppProcess(options), startAppProcess(options)])
    onTestFinished(async () => {
      await Promise.all(processes.map(({ stop }) => stop()))
      await redis?.stop()
    })
    return processes as [AppProcess, AppProcess]
  }

  const get = (origin: string, path: string, cookie: string) =>
    rawRequest(origin, { path: `/api/auth${path}`, headers: { cookie, origin: baseURL } })
  const post = (origin: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    postJson(origin, `/api/auth${path}`, body, { origin: baseURL, ...headers })
  const isSignedIn = async (origin: string, cookie: string) =>
    (await get(origin, '/get-session', cookie)).text !== 'null'

  it('a session that one revokes is dead on the other, at once', async () => {
    const [one, two] = await startTwo()
    const cookie = cookieOf(await post(one.origin, '/sign-up/email', ann))
    const other = cookieOf(await post(two.origin, '/sign-in/email', ann))
    for (const { origin } of [one, two]) {
      expect([await isSignedIn(origin, cookie), await isSignedIn(origin, other)]).toEqual([true, true])
    }
    await post(one.origin, '/revoke-other-sessions', undefined, { cookie })
    expect([await isSignedIn(two.origin, other), await isSignedIn(two.origin, cookie)]).toEqual([false, true])
    await post(two.origin, '/sign-out', undefined, { cookie })
    expect(await isSignedIn(one.origin, cookie)).toBe(false)
    const refused = await post(one.origin, '/update-user', { name: 'New' }, { cookie })
    expect(refused.status).toBe(401)
  })

  it('limits are shared: of many calls at once to both exactly as many pass as to one', async () => {
    const [one, two] = await startTwo({ enabled: true, max: 20, window: 60 })
    const calls = Array.from({ length: 60 }, (_, index) =>
      rawRequest((index % 2 ? one : two).origin, { path: '/api/auth/ok', headers: from('192.0.2.1') }),
    )
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    expect(statuses.filter(status => status === 200)).toHaveLength(20)
    expect(statuses.filter(status => status === 429)).toHaveLength(40)
    const elsewhere = await rawRequest(two.origin, { path: '/api/auth/ok', headers: from('192.0.2.2') })
    expect(elsewhere.status).toBe(200)
  })

  it('guesses at one password are counted together', async () => {
    const [one, two] = await startTwo({ enabled: true })
    await post(one.origin, '/sign-up/email', ann, from('192.0.2.1'))
    const guess = (index: number) =>
      post((index % 2 ? one : two).origin, '/sign-in/email', { ...ann, password: 'wrong' }, from(`198.51.100.${index}`))
    const begin = performance.now()
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => guess(index)))
    // The waits are of 1, 2, 4 seconds: on a slow machine some are over before the last guess has come.
    const waitsOver = Math.floor(Math.log2((performance.now() - begin) / 1000 + 1))
    const wrong = answers.filter(({ status }) => status === 401).length
    expect(wrong).toBeGreaterThanOrEqual(10)
    expect(wrong).toBeLessThanOrEqual(10 + waitsOver)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - wrong)
  })

  it('a reset token works once, however many present it to both at once', async () => {
    const [one, two] = await startTwo()
    await post(one.origin, '/sign-up/email', ann)
    await post(one.origin, '/request-password-reset', { email: ann.email })
    const token = await one.nextToken()
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        post((index % 2 ? one : two).origin, '/reset-password', { token, newPassword: `new password ${index}` }),
      ),
    )
    const won = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []))
    expect(won).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(29)
    const signIn = (password: string) => post(two.origin, '/sign-in/email', { email: ann.email, password })
    expect((await signIn(`new password ${won[0]}`)).status).toBe(200)
    expect((await signIn(ann.password)).status).toBe(401)
  })
})
