import { createAuthClient } from 'better-auth/client'
import { jwtClient } from 'better-auth/client/plugins'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { type JwksAdapter, jwt, type StoredJwk } from '../../../routers/jwt/index.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth, secret } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { issuer, kidOf, startJwt } from './start.ts'

const hour = 3600
const day = 24 * hour

describe('rotation [control 63]', () => {
  it('publishes the next key before it is used, and the former one until its tokens are over', async () => {
    const { token, kids, jwks, verifyAt, clock, browser } = await startJwt({
      jwks: { rotationInterval: 10 * day, gracePeriod: 15 * 60 },
    })
    const first = kidOf(await token())
    clock.advance(10 * day - hour - 1)
    await browser.post('/sign-in/email', ann)
    expect(await kids()).toEqual([first])
    clock.advance(1)
    const [, second] = await kids()
    expect(second).toBeDefined()
    // Whoever fetched the keys before may keep them for five minutes, and has an hour to fetch them again.
    const fetched = await jwks()
    clock.advance(hour - 1)
    expect(kidOf(await token())).toBe(first)
    const last = await token()
    clock.advance(1)
    const fromSecond = await token()
    expect(kidOf(fromSecond)).toBe(second)
    expect((await verifyAt(fromSecond, fetched)).email).toBe(ann.email)
    expect((await verifyAt(last, await jwks())).email).toBe(ann.email)
    clock.advance(15 * 60 - 2)
    expect(await kids()).toEqual([first, second])
    expect((await verifyAt(last, await jwks())).email).toBe(ann.email)
    clock.advance(2)
    expect(await kids()).toEqual([second])
    await expect(verifyAt(last, await jwks())).rejects.toThrow()
  })

  it('waits for whoever was idle: a key that is overdue goes on to sign until the next one was published long enough', async () => {
    const { token, kids, clock, browser } = await startJwt({ jwks: { rotationInterval: 10 * day } })
    const first = kidOf(await token())
    clock.advance(40 * day)
    await browser.post('/sign-in/email', ann)
    expect(kidOf(await token())).toBe(first)
    const [, second] = await kids()
    clock.advance(hour)
    expect(kidOf(await token())).toBe(second)
  })

  it('never lets a token outlive its key, whatever the grace period', async () => {
    const { token, jwks, verifyAt, clock, caller } = await startJwt({
      jwks: { gracePeriod: 1 },
      jwt: { expirationTime: '8h' },
    })
    const signed = await token()
    await caller().jwt.rotateKeys()
    clock.advance(hour)
    expect(kidOf(await token())).not.toBe(kidOf(signed))
    clock.advance(7 * hour - 1)
    expect((await verifyAt(signed, await jwks())).email).toBe(ann.email)
    expect((await caller().jwt.verify({ token: signed })).payload?.email).toBe(ann.email)
  })

  it('keeps all keys until a fixed end of all tokens', async () => {
    const expirationTime = new Date('2026-03-01T00:00:00.000Z')
    const { token, kids, clock, caller } = await startJwt({ jwks: { gracePeriod: 1 }, jwt: { expirationTime } })
    const first = kidOf(await token())
    await caller().jwt.rotateKeys()
    clock.advance(30 * day)
    expect(await kids()).toContain(first)
    clock.advance(30 * day)
    expect(await kids()).not.toContain(first)
  })

  it('shortens the times where the interval is short', async () => {
    const { token, kids, browser, clock } = await startJwt({ jwks: { rotationInterval: 100, gracePeriod: 900 } })
    expect((await browser.get('/jwks')).headers.get('cache-control')).toBe('public, max-age=25')
    const first = kidOf(await token())
    clock.advance(50)
    const [, second] = await kids()
    clock.advance(50)
    expect([first, kidOf(await token())]).toEqual([first, second])
  })

  it('deletes what verifies no more, when the next key is made', async () => {
    const { token, clock, rows, caller } = await startJwt({ jwks: { gracePeriod: 900 } })
    await token()
    for (let round = 0; round < 4; round++) {
      await caller().jwt.rotateKeys()
      clock.advance(2 * hour)
    }
    expect(await rows()).toHaveLength(2)
  })

  it('begins anew with another kind of key, once, and keeps the old tokens', async () => {
    const database = memoryAdapter()
    const connected = startJwt({}, { database })
    const before = await connected
    const old = await before.token()
    const after = createTestAuth({
      plugins: [jwt({ jwks: { keyPairConfig: { alg: 'ES256' } } })],
      database: { connect: () => before.auth.context.adapter },
      clock: before.clock.now,
    })
    const browser = visit(after.auth)
    await browser.post('/sign-in/email', ann)
    const algs = async () => JSON.parse((await browser.get('/jwks')).text).keys.map(({ alg }: { alg: string }) => alg)
    expect(await algs()).toEqual(['EdDSA', 'ES256'])
    expect((await after.auth.caller().jwt.verify({ token: old })).payload?.email).toBe(ann.email)
    // The one that still has the old options neither makes another one nor refuses the new kind.
    before.clock.advance(120)
    expect(await before.kids()).toHaveLength(2)
    before.clock.advance(hour)
    const token = String((await browser.get('/token')).body.token)
    expect((await after.auth.caller().jwt.verify({ token })).payload?.email).toBe(ann.email)
    expect((await before.caller().jwt.verify({ token })).payload?.email).toBe(ann.email)
  })
})

describe('who may rotate', () => {
  it('nobody over the network, unless the application says who', async () => {
    const { browser } = await startJwt()
    expect((await browser.post('/jwks/rotate')).body.code).toBe('NOT_FOUND')
  })

  it('those whom `rotation.authorize` allows', async () => {
    const authorize = async ({ user }: { user: { email: string } }) => user.email === ann.email
    const { auth, browser, kids, clock } = await startJwt({ rotation: { authorize } })
    const [first] = await kids()
    const answer = await browser.post('/jwks/rotate')
    expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['kid', 'algorithm', 'usedFrom']])
    expect(new Date(String(answer.body.usedFrom)).getTime() - clock.now().getTime()).toBe(hour * 1000)
    expect(await kids()).toEqual([first, answer.body.kid])
    // The next one is there already.
    expect((await browser.post('/jwks/rotate')).body.kid).toBe(answer.body.kid)
    const ben = visit(auth)
    expect((await ben.post('/jwks/rotate')).body.code).toBe('UNAUTHORIZED')
    await ben.post('/sign-up/email', { ...ann, email: 'ben@example.com' })
    const refused = await ben.post('/jwks/rotate')
    expect([refused.status, refused.body.code]).toEqual([403, 'KEY_ROTATION_NOT_ALLOWED'])
    expect(await kids()).toHaveLength(2)
  })
})

describe('private keys at rest [control 63]', () => {
  it('are sealed', async () => {
    const { token, rows, auth } = await startJwt()
    await token()
    const [row] = await rows()
    expect(row?.privateKey).toMatch(/^k1\.0\.[\w-]+$/)
    expect(String(row?.publicKey)).not.toContain('"d"')
    expect(auth.context.keys.open('jwks-private-key', String(row?.privateKey))).toContain('"d"')
    expect(auth.context.keys.open('another-purpose', String(row?.privateKey))).toBeUndefined()
  })

  it('are plain only if the application says so, and read either way', async () => {
    const plain = await startJwt({ jwks: { disablePrivateKeyEncryption: true } })
    const signed = await plain.token()
    expect(JSON.parse(String((await plain.rows())[0]?.privateKey))).toHaveProperty('d')
    const sealing = createTestAuth({ plugins: [jwt()], database: { connect: () => plain.auth.context.adapter } })
    const browser = visit(sealing.auth)
    await browser.post('/sign-in/email', ann)
    expect(kidOf(String((await browser.get('/token')).body.token))).toBe(kidOf(signed))
  })

  it('survive a change of the secret; without the old one another key signs, and what was signed still verifies [control 39]', async () => {
    const before = await startJwt()
    const signed = await before.token()
    const database = { connect: () => before.auth.context.adapter }
    const newer = { version: 2, value: 'a-newer-secret-for-tests-a-newer-secret-0123456789' }
    const start = async (secrets: { version: number; value: string }[]) => {
      const { auth, log } = createTestAuth({ secret: undefined, secrets, database, plugins: [jwt()] })
      const browser = visit(auth)
      await browser.post('/sign-in/email', ann)
      const answer = await browser.get('/get-session')
      expect([answer.status, log]).toEqual([200, []])
      return { auth, kid: kidOf(answer.headers.get('set-auth-jwt') ?? '') }
    }
    expect((await start([newer, { version: 1, value: secret }])).kid).toBe(kidOf(signed))
    const lost = await start([newer])
    expect(lost.kid).not.toBe(kidOf(signed))
    expect((await lost.auth.caller().jwt.verify({ token: signed })).payload?.email).toBe(ann.email)
  })
})

describe('a key', () => {
  it('is revoked by deleting its row', async () => {
    const { token, rows, caller, clock, auth } = await startJwt()
    const signed = await token()
    await auth.context.adapter.deleteMany({ model: 'jwks', where: [] })
    clock.advance(60)
    expect((await caller().jwt.verify({ token: signed })).payload).toBeNull()
    expect(kidOf(await token())).not.toBe(kidOf(signed))
    expect(await rows()).toHaveLength(1)
  })

  it("of Better Auth's tables verifies, and another one signs", async () => {
    const { auth, clock, browser, caller, kids } = await startJwt()
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const createdAt = clock.now()
    const data = {
      id: 'theirs',
      publicKey: JSON.stringify(await exportJWK(publicKey)),
      // Sealed in a way that is not ours.
      privateKey: JSON.stringify('00'.repeat(60)),
      createdAt,
      expiresAt: null,
      generation: null,
    }
    await auth.context.adapter.create({ model: 'jwks', data })
    const now = createdAt.getTime() / 1000
    const theirs = await new SignJWT({ sub: 'x', iss: issuer, aud: issuer, exp: now + 900 })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'theirs' })
      .sign(privateKey)
    expect((await caller().jwt.verify({ token: theirs })).payload?.sub).toBe('x')
    const ours = kidOf(String((await browser.get('/token')).body.token))
    expect(await kids()).toEqual(['theirs', ours])
    clock.advance(31 * day)
    expect(await kids()).toEqual([ours])
  })
})

it('an application may keep the keys elsewhere', async () => {
  const kept: StoredJwk[] = []
  const paths: unknown[] = []
  const adapter: JwksAdapter = {
    getJwks: async context => {
      paths.push(context?.path)
      return [...kept]
    },
    createJwk: async data => {
      const made = { id: `key-${kept.length + 1}`, ...data }
      kept.push(made)
      return made
    },
  }
  const { token, kids, rows, caller, clock, jwks, verifyAt } = await startJwt({ adapter })
  expect(kidOf(await token())).toBe('key-1')
  expect((await verifyAt(await token(), await jwks())).email).toBe(ann.email)
  await caller().jwt.rotateKeys()
  clock.advance(hour)
  expect([kidOf(await token()), await kids(), await rows()]).toEqual(['key-2', ['key-1', 'key-2'], []])
  expect(kept.every(({ privateKey }) => privateKey.startsWith('k1.'))).toBe(true)
  expect(paths).toContain('/token')
})

describe('signing', () => {
  it('adds no query to get-session', async () => {
    const database = countingDatabase(memoryAdapter())
    const { browser } = await startJwt({}, { database })
    await browser.get('/get-session')
    database.calls.length = 0
    for (let i = 0; i < 5; i++) expect((await browser.get('/get-session')).headers.get('set-auth-jwt')).toMatch(/^ey/)
    expect(database.calls).toEqual(Array.from({ length: 5 }, () => 'findOne session'))
  })

  it('reads keys that are there already in one query, and reads them again after a minute', async () => {
    const database = countingDatabase(memoryAdapter())
    const { browser, clock } = await startJwt({}, { database })
    await browser.get('/jwks')
    const reads = async () => {
      database.calls.length = 0
      await Promise.all(Array.from({ length: 10 }, () => browser.get('/jwks')))
      return database.calls
    }
    expect(await reads()).toEqual([])
    clock.advance(60)
    expect(await reads()).toEqual(['findMany jwks'])
  })
})

it('the official client gets tokens and keys', async () => {
  const { url } = await startServer({ plugins: [jwt()] })
  const keepCookies = createCookieFetch({ url })
  const client = createAuthClient({
    baseURL: url,
    fetchOptions: {
      customFetchImpl: (input, init) => {
        const headers = new Headers(init?.headers)
        headers.set('origin', new URL(url).origin)
        return keepCookies(input, { ...init, headers })
      },
    },
    plugins: [jwtClient()],
  })
  await client.signUp.email(ann)
  const { data } = await (client as unknown as { token(): Promise<{ data: { token: string } }> }).token()
  const keys = await client.jwks()
  expect(keys.data?.keys.map(({ kid }) => kid)).toEqual([kidOf(data.token)])
  let header: string | null = null
  await client.getSession({
    fetchOptions: {
      onSuccess: ({ response }) => {
        header = response.headers.get('set-auth-jwt')
      },
    },
  })
  expect(kidOf(String(header))).toBe(kidOf(data.token))
})
