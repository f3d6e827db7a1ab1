import { describe, expect, it } from 'vitest'
import { init, memoryAdapter } from '../../src/index.ts'
import { type KerniaOptions, resolveOptions } from '../../src/options/index.ts'
import { secret } from '../support/test-auth.ts'

const production = { NODE_ENV: 'production' }
const baseURL = 'https://app.example.com'

describe('in production', () => {
  it('a secret is required, from the options or the environment', () => {
    expect(() => resolveOptions({ baseURL }, production)).toThrow('secret')
    expect(resolveOptions({ baseURL, secret }, production).secrets).toEqual([{ value: secret }])
    expect(resolveOptions({ baseURL }, { ...production, KERNIA_SECRET: secret }).secrets).toEqual([{ value: secret }])
    expect(resolveOptions({ baseURL }, { ...production, BETTER_AUTH_SECRET: secret }).secrets).toEqual([
      { value: secret },
    ])
  })

  it('a short secret is refused, and the error does not show it', () => {
    const short = 'x'.repeat(31)
    expect(() => resolveOptions({ baseURL, secret: short }, production)).toThrow('too short')
    expect(() => resolveOptions({ baseURL, secret: short }, production)).not.toThrow(short)
    expect(() => resolveOptions({ baseURL, secret: '' }, production)).toThrow('secret')
  })

  it('the public address is required', () => {
    expect(() => resolveOptions({ secret }, production)).toThrow('baseURL')
    expect(resolveOptions({ secret }, { ...production, KERNIA_BASE_URL: baseURL }).origin).toBe(baseURL)
  })

  it('the rate limit is on, and elsewhere off', () => {
    expect(resolveOptions({ baseURL, secret }, production).rateLimit.enabled).toBe(true)
    expect(resolveOptions({ baseURL, secret }, {}).rateLimit.enabled).toBe(false)
    expect(resolveOptions({ baseURL, secret, rateLimit: { enabled: false } }, production).rateLimit.enabled).toBe(false)
  })

  it('init fails too: nothing starts half configured', () => {
    const before = process.env.NODE_ENV
    process.env.NODE_ENV = 'production'
    try {
      expect(() => init({ database: memoryAdapter() })).toThrow('required in production')
    } finally {
      process.env.NODE_ENV = before
    }
  })
})

describe('without a secret elsewhere', () => {
  it('every instance makes up one of its own, and says so', () => {
    const warnings: string[] = []
    const logger = { error: () => undefined, warn: (message: string) => void warnings.push(message) }
    const [one, two] = [resolveOptions({ logger }, {}), resolveOptions({ logger }, {})]
    const made = one.secrets[0]?.value ?? ''
    expect(made.length).toBeGreaterThanOrEqual(32)
    expect(made).not.toBe(two.secrets[0]?.value)
    expect(warnings).toHaveLength(2)
    expect(warnings.join()).not.toContain(made)
  })
})

describe('the public address', () => {
  const cases: [options: KerniaOptions, origin: string, basePath: string][] = [
    [{}, 'http://localhost:3000', '/api/auth'],
    [{ baseURL: 'https://a.example' }, 'https://a.example', '/api/auth'],
    [{ baseURL: 'https://a.example/' }, 'https://a.example', '/api/auth'],
    [{ baseURL: 'https://a.example:8443' }, 'https://a.example:8443', '/api/auth'],
    [{ baseURL: 'https://A.Example:443/' }, 'https://a.example', '/api/auth'],
    [{ baseURL: 'https://a.example/auth' }, 'https://a.example', '/auth'],
    [{ baseURL: 'https://a.example/auth/' }, 'https://a.example', '/auth'],
    [{ baseURL: 'https://a.example/v1/auth' }, 'https://a.example', '/v1/auth'],
    [{ baseURL: 'https://a.example', basePath: '/auth' }, 'https://a.example', '/auth'],
    [{ baseURL: 'https://a.example', basePath: '/auth//' }, 'https://a.example', '/auth'],
    [{ baseURL: 'https://a.example/one', basePath: '/two' }, 'https://a.example', '/one'],
    [{ baseURL: 'https://a.example', basePath: '/' }, 'https://a.example', ''],
  ]
  it.each(cases)('of %j is %s and %s', (options, origin, basePath) => {
    const resolved = resolveOptions({ secret, ...options }, {})
    expect([resolved.origin, resolved.basePath]).toEqual([origin, basePath])
    expect(resolved.baseURL).toBe(origin + basePath)
  })

  it('comes from the options before the environment', () => {
    const env = { KERNIA_BASE_URL: 'https://env.example', BETTER_AUTH_URL: 'https://other.example' }
    expect(resolveOptions({ secret, baseURL }, env).origin).toBe(baseURL)
    expect(resolveOptions({ secret }, env).origin).toBe('https://env.example')
  })

  it.each(['app.example.com', '/api/auth', 'ftp://a.example', 'javascript:alert(1)', 'http://', 'httpx://a.example'])(
    '%j is refused',
    address => expect(() => resolveOptions({ secret, baseURL: address }, {})).toThrow('baseURL'),
  )

  it.each(['api/auth', 'https://a.example/api', '', ' /api'])('the path %j is refused', basePath => {
    expect(() => resolveOptions({ secret, basePath }, {})).toThrow('basePath')
  })
})

describe('a value that makes no sense', () => {
  const nonsense: [name: string, options: KerniaOptions][] = [
    ['session.expiresIn', { session: { expiresIn: 0 } }],
    ['session.expiresIn', { session: { expiresIn: -1 } }],
    ['session.expiresIn', { session: { expiresIn: Number.NaN } }],
    // Its cookie would be refused at every sign-in.
    ['session.expiresIn', { session: { expiresIn: 400 * 86_400 + 1 } }],
    ['session.updateAge', { session: { updateAge: -1 } }],
    ['session.updateAge', { session: { updateAge: Number.NaN } }],
    ['session.freshAge', { session: { freshAge: -1 } }],
    ['rateLimit.window', { rateLimit: { window: 0 } }],
    ['rateLimit.max', { rateLimit: { max: Number.POSITIVE_INFINITY } }],
    ['emailAndPassword.minPasswordLength', { emailAndPassword: { minPasswordLength: Number.NaN } }],
    ['emailAndPassword.maxPasswordLength', { emailAndPassword: { minPasswordLength: 10, maxPasswordLength: 9 } }],
    ['emailAndPassword.resetPasswordTokenExpiresIn', { emailAndPassword: { resetPasswordTokenExpiresIn: 0 } }],
    // Nothing would ever be hashed.
    ['emailAndPassword.password.concurrency', { emailAndPassword: { password: { concurrency: 0 } } }],
  ]
  it.each(nonsense)('%s in %j is refused by its name', (name, options) => {
    expect(() => resolveOptions({ secret, ...options }, {})).toThrow(name)
  })

  it('is told from one that is unusual', () => {
    const unusual: KerniaOptions = {
      session: { expiresIn: 400 * 86_400, updateAge: 0, freshAge: 0 },
      emailAndPassword: { minPasswordLength: 1, maxPasswordLength: 1, password: { concurrency: 1 } },
    }
    expect(() => resolveOptions({ secret, ...unusual }, {})).not.toThrow()
  })
})

describe('options that were given', () => {
  it('are not changed, and later changes to them change nothing', () => {
    const given: KerniaOptions = { secret, baseURL, session: { expiresIn: 100 }, advanced: { cookiePrefix: 'acme' } }
    const copy = structuredClone(given)
    const auth = init({ ...given, database: memoryAdapter() })
    expect(given).toEqual(copy)
    if (given.session) given.session.expiresIn = 5
    if (given.advanced) given.advanced.cookiePrefix = 'evil'
    expect(auth.context.options.session.expiresIn).toBe(100)
    expect(auth.context.cookies('session_token', baseURL).name).toBe('__Secure-acme.session_token')
  })
})
