import { describe, expect, it } from 'vitest'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { type RequestOptions, visit } from '../support/visitor.ts'

const wrong = { email: ann.email, password: 'a wrong password' }

function createLimited(options: Parameters<typeof createTestAuth>[0] = {}) {
  const test = createTestAuth({ rateLimit: { enabled: true }, ...options })
  const visitor = visit(test.auth)
  const attempt = (request: RequestOptions = {}) => visitor.post('/sign-in/email', wrong, request)
  /** How many of `count` attempts were let through; `of` makes each one's request. */
  const allowed = async (count: number, of: (index: number) => RequestOptions = () => ({})) => {
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
    const { auth } = createTestAuth({ rateLimit: { enabled: true } })
    const visitor = visit(auth)
    const trpc = (calls: string[]) =>
      visitor.post(`/trpc/${calls.join()}?batch=1`, Object.fromEntries(calls.map((_, index) => [index, wrong])))
    await visitor.post('/sign-in/email', wrong)
    const { text } = await trpc(['signIn.email', 'signIn.email', 'signIn.email'])
    expect(text.match(/"authCode":"RATE_LIMITED"/g)).toHaveLength(1)
    const embedded = auth.caller({ headers: {} }).signIn.email(wrong)
    await expect(embedded).rejects.toMatchObject({ authCode: 'RATE_LIMITED' })
    const reset = (path: string) => visitor.post(path, { email: ann.email })
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
    const broken = await visitor.post('/sign-in/email', '{"broken')
    expect(broken.status).toBe(429)
    const large = await visitor.post('/sign-in/email', 'x'.repeat(2 * 1024 * 1024))
    expect(large.status).toBe(429)
  })

  it('does not count what another limit refused', async () => {
    const { visitor, allowed } = createLimited()
    for (let i = 0; i < 10; i++) await visitor.get('/ok')
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

  it('is everybody together when no address is known: leaving it out switches nothing off', async () => {
    const { allowed } = createLimited()
    expect(await allowed(10)).toBe(3)
  })

  it('does not include other instances in the same process', async () => {
    const [one, two] = [createLimited(), createLimited()]
    expect(await one.allowed(5)).toBe(3)
    expect(await two.allowed(5)).toBe(3)
  })
})
