import { describe, expect, it } from 'vitest'
import {
  memoryStorage,
  mikroOrmAdapter,
  type ProcedureDeclaration,
  type ProcedureMeta,
  type RateLimitOptions,
} from '../../src/index.ts'
import { pathsOf } from '../../src/meta.ts'
import { resolveOptions } from '../../src/options/index.ts'
import { limitOf } from '../../src/rate-limit/rules.ts'
import { ann, createTestAuth, secret } from '../support/test-auth.ts'
import { type RequestOptions, visit } from '../support/visitor.ts'
import { everyRoute } from './every-route.ts'

const wrong = { email: ann.email, password: 'a wrong password' }

function createLimited(options: Parameters<typeof createTestAuth>[0] = {}) {
  const test = createTestAuth({
    rateLimit: { enabled: true },
    ...options,
    // What is counted by account has a file of its own.
    emailAndPassword: { failedAttempts: false, ...options.emailAndPassword },
  })
  const visitor = visit(test.auth)
  const attempt = (request: RequestOptions = from('192.0.2.1')) => visitor.post('/sign-in/email', wrong, request)
  /** How many of `count` attempts were let through; `of` makes each one's request. */
  const allowed = async (count: number, of: (index: number) => RequestOptions = () => from('192.0.2.1')) => {
    const statuses: number[] = []
    for (let index = 0; index < count; index++) statuses.push((await attempt(of(index))).status)
    return statuses.filter(status => status !== 429).length
  }
  return { ...test, visitor, attempt, allowed }
}

const from = (address: string): RequestOptions => ({ socketAddress: address })
const forwarded = (address: string): RequestOptions => ({
  socketAddress: '10.0.0.1',
  headers: { 'x-forwarded-for': address },
})

describe('the limit of attempts', () => {
  it('tells how long to wait, and holds for that long', async () => {
    const { attempt, allowed, clock } = createLimited()
    expect(await allowed(3)).toBe(3)
    clock.advance(4)
    const { status, body, headers } = await attempt()
    expect([status, body]).toEqual([
      429,
      { message: 'Too many requests. Please try again later.', code: 'RATE_LIMITED' },
    ])
    expect([headers.get('x-retry-after'), headers.get('retry-after')]).toEqual(['6', '6'])
    clock.advance(5.9)
    expect(await allowed(1)).toBe(0)
    clock.advance(0.1)
    expect(await allowed(4)).toBe(3)
  })

  it('lets exactly so many of 50 at once through [A40, control 56]', async () => {
    const { attempt } = createLimited()
    const answers = await Promise.all(Array.from({ length: 50 }, () => attempt()))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(3)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(47)
  })

  it('is one for REST, tRPC, batches and other names of a path', async () => {
    const advanced = { ipAddress: { ipAddressHeaders: ['x-real-ip'] } }
    const { auth } = createTestAuth({
      advanced,
      rateLimit: { enabled: true },
      emailAndPassword: { failedAttempts: false },
    })
    const visitor = visit(auth)
    const headers = { 'x-real-ip': '192.0.2.1' }
    const trpc = (calls: string[]) =>
      visitor.post(`/trpc/${calls.join()}?batch=1`, Object.fromEntries(calls.map((_, index) => [index, wrong])), {
        headers,
      })
    await visitor.post('/sign-in/email', wrong, { headers })
    const { text } = await trpc(['signIn.email', 'signIn.email', 'signIn.email'])
    expect(text.match(/"authCode":"RATE_LIMITED"/g)).toHaveLength(1)
    const embedded = auth.caller({ headers }).signIn.email(wrong)
    await expect(embedded).rejects.toMatchObject({ authCode: 'RATE_LIMITED' })
    const reset = (path: string) => visitor.post(path, { email: ann.email }, { headers })
    const statuses = []
    for (const path of ['/request-password-reset', '/forget-password', '/request-password-reset', '/forget-password']) {
      statuses.push((await reset(path)).status)
    }
    expect(statuses).toEqual([200, 200, 200, 429])
  })

  it('is counted before the body is read and before a password is hashed [control 60]', async () => {
    let hashed = 0
    const password = { hash: async () => `hash ${++hashed}`, verify: async () => ++hashed < 0 }
    const { visitor, allowed } = createLimited({ emailAndPassword: { password } })
    expect(await allowed(20)).toBe(3)
    expect(hashed).toBe(3)
    const broken = await visitor.post('/sign-in/email', '{"broken', from('192.0.2.1'))
    expect(broken.status).toBe(429)
    const large = await visitor.post('/sign-in/email', 'x'.repeat(2 * 1024 * 1024), from('192.0.2.1'))
    expect(large.status).toBe(429)
    // Nor does it matter where the call comes from.
    const foreign = { ...from('192.0.2.1'), headers: { origin: 'https://evil.com' } }
    expect((await visitor.post('/sign-in/email', wrong, foreign)).status).toBe(429)
  })

  it('does not count what another limit refused', async () => {
    const { visitor, allowed } = createLimited()
    for (let i = 0; i < 10; i++) await visitor.get('/ok', from('192.0.2.1'))
    expect(await allowed(5)).toBe(3)
  })
})

describe('whom a limit holds for', () => {
  it('is one address', async () => {
    const { allowed } = createLimited()
    expect(await allowed(5, () => from('192.0.2.1'))).toBe(3)
    expect(await allowed(5, () => from('192.0.2.2'))).toBe(3)
  })

  it('is one IPv6 /64, in every spelling [A12, control 57]', async () => {
    const { allowed } = createLimited()
    const spellings = [
      ...['2001:db8:0:1::1', '2001:0db8:0000:0001:0000:0000:0000:0001', '2001:DB8:0:1::2', '2001:db8::1:0:0:0:3'],
      ...['2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1::192.0.2.1', '2001:db8:0:1::1%eth0'],
    ]
    expect(await allowed(spellings.length, index => from(spellings[index] ?? ''))).toBe(3)
    expect(await allowed(3, () => from('2001:db8:0:2::1'))).toBe(3)
  })

  it('is the same IPv4 address when it is mapped into IPv6', async () => {
    const { allowed } = createLimited()
    const spellings = [
      '192.0.2.1',
      '::ffff:192.0.2.1',
      '::ffff:c000:201',
      '0:0:0:0:0:ffff:192.0.2.1',
      '::FFFF:192.0.2.1',
    ]
    expect(await allowed(spellings.length, index => from(spellings[index] ?? ''))).toBe(3)
  })

  it('cannot be chosen by sending a header [control 44]', async () => {
    const { allowed } = createLimited()
    const names = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip']
    const lie = (index: number): RequestOptions => ({
      socketAddress: '192.0.2.1',
      headers: Object.fromEntries(names.map(name => [name, `203.0.113.${index}`])),
    })
    expect(await allowed(20, lie)).toBe(3)
  })

  it('is told by the header that the application trusts, and no other', async () => {
    const advanced = { ipAddress: { ipAddressHeaders: ['x-forwarded-for'] } }
    const { allowed } = createLimited({ advanced })
    expect(await allowed(5, () => forwarded('203.0.113.1'))).toBe(3)
    expect(await allowed(5, () => forwarded('203.0.113.2'))).toBe(3)
    const both = (index: number): RequestOptions => ({
      ...forwarded('203.0.113.3'),
      headers: { 'x-forwarded-for': '203.0.113.3', 'x-real-ip': `203.0.113.${index + 10}` },
    })
    expect(await allowed(5, both)).toBe(3)
    // What is no address falls back to the connection's, so that garbage buys no fresh counter.
    expect(await allowed(20, index => forwarded(`garbage ${index}`))).toBe(3)
  })

  it('is nobody when no address is known: not everyone together, whom anyone could lock out [control 58]', async () => {
    const warnings: string[] = []
    const { allowed } = createLimited({ logger: { error: () => undefined, warn: text => void warnings.push(text) } })
    expect(await allowed(10, () => ({}))).toBe(10)
    expect(warnings).toEqual([expect.stringContaining('advanced.ipAddress.ipAddressHeaders')])
  })

  it('is everyone behind a proxy whose header is not named, and the log says so, once', async () => {
    const warnings: string[] = []
    const { allowed } = createLimited({ logger: { error: () => undefined, warn: text => void warnings.push(text) } })
    expect(await allowed(10, index => forwarded(`203.0.113.${index}`))).toBe(3)
    expect(warnings).toEqual([expect.stringContaining('all clients share one limit')])
  })

  it('is, behind known proxies, whom the last of them was called by', async () => {
    const advanced = { ipAddress: { ipAddressHeaders: ['x-forwarded-for'], trustedProxies: ['10.0.0.0/8'] } }
    const { allowed } = createLimited({ advanced })
    // Whatever the client puts in front changes nothing.
    expect(await allowed(10, index => forwarded(`198.51.100.${index}, 203.0.113.1, 10.0.0.2`))).toBe(3)
    expect(await allowed(5, () => forwarded('203.0.113.2'))).toBe(3)
    // From anywhere else the header is a claim.
    const past = (index: number) => ({ ...forwarded(`203.0.113.${index + 10}`), socketAddress: '192.0.2.9' })
    expect(await allowed(10, past)).toBe(3)
  })

  it('does not include other instances in the same process', async () => {
    const [one, two] = [createLimited(), createLimited()]
    expect(await one.allowed(5)).toBe(3)
    expect(await two.allowed(5)).toBe(3)
  })
})

describe('the answer to one call too many', () => {
  const limited = {
    'x-retry-after': '10',
    'retry-after': '10',
    ratelimit: '"/sign-in/email";r=0;t=10',
    'ratelimit-policy': '"/sign-in/email";q=3;w=10',
  }
  const seen = (headers: Headers) => Object.fromEntries(Object.keys(limited).map(name => [name, headers.get(name)]))

  it('has the same headers by REST, by tRPC and in a batch, each of them once', async () => {
    const { visitor, allowed } = createLimited()
    expect(await allowed(3)).toBe(3)
    const request = from('192.0.2.1')
    const rest = await visitor.post('/sign-in/email', wrong, request)
    const trpc = await visitor.post('/trpc/signIn.email', wrong, request)
    const batch = await visitor.post('/trpc/signIn.email,signIn.email?batch=1', { 0: wrong, 1: wrong }, request)
    for (const { status, headers } of [rest, trpc, batch]) expect([status, seen(headers)]).toEqual([429, limited])
  })

  it('speaks for all calls of a batch: every policy, and the longest wait', async () => {
    const { visitor, allowed } = createLimited()
    const request = from('192.0.2.1')
    expect(await allowed(3)).toBe(3)
    for (let i = 0; i < 3; i++) await visitor.post('/request-password-reset', { email: ann.email }, request)
    const path = '/trpc/signIn.email,password.requestReset?batch=1'
    const { headers } = await visitor.post(path, { 0: wrong, 1: { email: ann.email } }, request)
    expect(seen(headers)).toEqual({
      'x-retry-after': '60',
      'retry-after': '60',
      ratelimit: '"/sign-in/email";r=0;t=10, "/request-password-reset";r=0;t=60',
      'ratelimit-policy': '"/sign-in/email";q=3;w=10, "/request-password-reset";q=3;w=60',
    })
  })
})

describe('which limit holds', () => {
  const GUESSING = { window: 10, max: 3 }
  const MAILING = { window: 60, max: 3 }
  const GENERAL = { window: 10, max: 100 }
  // As Better Auth 1.6.11 has them.
  const official = (path: string) => {
    if (/^\/(sign-in|sign-up|change-password|change-email)/.test(path)) return GUESSING
    return /^\/(request-password-reset$|send-verification-email$|forget-password)/.test(path) ? MAILING : GENERAL
  }

  it('is the official one for every procedure', async () => {
    const { auth } = createTestAuth()
    const routes = everyRoute(auth)
    expect(routes.length).toBeGreaterThan(20)
    for (const { path, procedure } of routes) {
      const limit = await limitOf(procedure.meta, auth.context.options.rateLimit, undefined)
      expect.soft([path, limit]).toEqual([path, official(path)])
    }
  })

  const metaOf = (rest: ProcedureDeclaration['rest']): ProcedureMeta => {
    const declaration = { operationId: 'x', summary: 'x', rest }
    return { ...declaration, access: 'public', paths: pathsOf(declaration) }
  }
  const meta = metaOf('POST /sign-in/other')
  const settings = { ...GENERAL, enabled: true, storage: 'memory' } as const
  const custom = (customRules: RateLimitOptions['customRules'], of: ProcedureMeta = meta) =>
    limitOf(of, { ...settings, customRules }, undefined)

  it('is the most particular one', async () => {
    const one = { window: 1, max: 1 }
    const two = { window: 2, max: 2 }
    expect(await custom({}, metaOf('POST /other'))).toEqual(GENERAL)
    expect(await custom({})).toEqual(GUESSING)
    expect(await custom({}, { ...meta, limit: one })).toEqual(one)
    expect(await custom({ '/sign-in/*': two }, { ...meta, limit: one })).toEqual(two)
    expect(await custom({ '/sign-in/*': two, '/sign-in/other': one })).toEqual(one)
    expect(await custom({ '/**': two, '/sign-in/*': one })).toEqual(two)
    expect(await custom({ '/sign-in': one, '/sign-in/o': one })).toEqual(GUESSING)
    expect(await custom({ '/sign-in/*': false })).toBe(false)
  })

  it('is what a function of the application says, if it says anything', async () => {
    const asked: unknown[] = []
    const rule =
      (answer: false | null | undefined | { window: number; max: number }) =>
      async (...given: unknown[]) => {
        asked.push(given)
        return answer
      }
    expect(await custom({ '/sign-in/*': rule({ window: 7, max: 7 }) })).toEqual({ window: 7, max: 7 })
    expect(await custom({ '/sign-in/*': rule(false) })).toBe(false)
    expect(await custom({ '/sign-in/*': rule(null) })).toEqual(GUESSING)
    expect(await custom({ '/sign-in/*': rule(undefined) })).toEqual(GUESSING)
    expect(asked).toEqual(Array.from({ length: 4 }, () => [undefined, GUESSING]))
  })

  it('may be named by an alias of the path', async () => {
    const of = metaOf(['POST /request-password-reset', { line: 'POST /forget-password', operationId: 'y' }])
    expect(await custom({ '/forget-password': { window: 1, max: 1 } }, of)).toEqual({ window: 1, max: 1 })
  })

  it('is on by itself in production only', () => {
    const enabled = (NODE_ENV: string) =>
      resolveOptions({ secret, baseURL: 'https://a.example' }, { NODE_ENV }).rateLimit.enabled
    expect([enabled('production'), enabled('development'), enabled('test')]).toEqual([true, false, false])
  })

  it('makes sense, or the start fails', () => {
    const start = (rateLimit: RateLimitOptions) => () => createTestAuth({ rateLimit })
    expect(start({ window: 0 })).toThrow('rateLimit.window')
    expect(start({ max: -1 })).toThrow('rateLimit.max')
    expect(start({ customRules: { '/x': { window: Number.NaN, max: 1 } } })).toThrow('customRules["/x"].window')
    expect(start({ storage: 'secondary-storage' })).toThrow('there is no `secondaryStorage`')
  })
})

describe('where counters are kept', () => {
  it('is a table when the application says so, under its names, and no table else', async () => {
    const fields = { key: 'bucket', lastRequest: 'last_at' }
    const rateLimit = { enabled: true, storage: 'database', modelName: 'limits', fields } as const
    const { auth, allowed } = createLimited({ rateLimit, database: mikroOrmAdapter({ url: 'sqlite::memory:' }) })
    await auth.createSchema()
    expect(await allowed(5)).toBe(3)
    expect(auth.context.schema.rateLimit).toMatchObject({
      modelName: 'limits',
      fields: { key: { fieldName: 'bucket' }, lastRequest: { fieldName: 'last_at' } },
    })
    expect(await auth.context.adapter.findMany({ model: 'rateLimit', where: [] })).toMatchObject([
      { key: '192.0.2.1|/sign-in/email', count: 3 },
    ])
    await auth.close()
    expect(createTestAuth().auth.context.schema).not.toHaveProperty('rateLimit')
  })

  it('is the secondary storage where there is one, unless another place is named', async () => {
    const secondaryStorage = memoryStorage()
    const { allowed } = createLimited({ secondaryStorage })
    expect(await allowed(5)).toBe(3)
    expect(await secondaryStorage.get('rate-limit:192.0.2.1|/sign-in/email')).toBe('3')
    const other = memoryStorage()
    const inMemory = createLimited({ secondaryStorage: other, rateLimit: { enabled: true, storage: 'memory' } })
    expect(await inMemory.allowed(5)).toBe(3)
    expect(await other.get('rate-limit:192.0.2.1|/sign-in/email')).toBeNull()
  })

  it('is a store of the application before all', async () => {
    const asked: string[] = []
    const consume = async (key: string) => {
      asked.push(key)
      return { allowed: asked.length < 3, retryAfter: 42 }
    }
    const { allowed, attempt } = createLimited({
      secondaryStorage: memoryStorage(),
      rateLimit: { enabled: true, customStorage: { consume } },
    })
    expect(await allowed(5)).toBe(2)
    expect((await attempt()).headers.get('retry-after')).toBe('42')
    expect(new Set(asked)).toEqual(new Set(['192.0.2.1|/sign-in/email']))
  })
})
