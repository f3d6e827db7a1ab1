import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CookieAttributes,
  defineCookie,
  parseCookies,
  serializeCookie,
  signValue,
  verifySignedValue,
} from '../../src/cookies.ts'
import { type KerniaOptions, resolveOptions } from '../../src/options/index.ts'
import { secret } from '../support/test-auth.ts'

const define = (options: KerniaOptions, key = 'session_token') =>
  defineCookie(resolveOptions({ secret, baseURL: 'http://localhost:3000', ...options }, {}), key)

describe('the name of a cookie', () => {
  it('is the one that official clients know', () => {
    expect(define({}).name).toBe('better-auth.session_token')
    expect(define({}, 'dont_remember').name).toBe('better-auth.dont_remember')
  })

  it('begins with __Secure- when the site is https, or the application says so', () => {
    expect(define({ baseURL: 'https://app.example.com' }).name).toBe('__Secure-better-auth.session_token')
    expect(define({ advanced: { useSecureCookies: true } }).name).toBe('__Secure-better-auth.session_token')
    const plain = define({ baseURL: 'https://app.example.com', advanced: { useSecureCookies: false } })
    expect(plain).toMatchObject({ name: 'better-auth.session_token', attributes: { secure: false } })
  })

  it('has the prefix that was chosen', () => {
    expect(define({ advanced: { cookiePrefix: 'acme' } }).name).toBe('acme.session_token')
    expect(define({ baseURL: 'https://a.example', advanced: { cookiePrefix: 'acme' } }).name).toBe(
      '__Secure-acme.session_token',
    )
  })

  it('can be chosen for a single cookie, with its attributes', () => {
    const cookies = { session_token: { name: 'sid', attributes: { sameSite: 'strict', path: '/app' } as const } }
    const { name, attributes } = define({ baseURL: 'https://a.example', advanced: { cookies } })
    expect(name).toBe('__Secure-sid')
    expect(attributes).toEqual({ secure: true, sameSite: 'strict', path: '/app', httpOnly: true })
    expect(define({ advanced: { cookies } }, 'dont_remember').name).toBe('better-auth.dont_remember')
  })
})

describe('the attributes of a cookie', () => {
  it('are Path=/, HttpOnly, SameSite=Lax, and Secure on https [control 31]', () => {
    expect(define({}).attributes).toEqual({ secure: false, sameSite: 'lax', path: '/', httpOnly: true })
    expect(define({ baseURL: 'https://a.example' }).attributes.secure).toBe(true)
  })

  it('name a domain only when sub-domains share the cookie', () => {
    const baseURL = 'https://auth.example.com'
    expect(define({ baseURL }).attributes.domain).toBeUndefined()
    const shared = (given: { enabled: boolean; domain?: string }) =>
      define({ baseURL, advanced: { crossSubDomainCookies: given } }).attributes.domain
    expect(shared({ enabled: true })).toBe('auth.example.com')
    expect(shared({ enabled: true, domain: '.example.com' })).toBe('.example.com')
    expect(shared({ enabled: false, domain: '.example.com' })).toBeUndefined()
  })

  it('are overridden by the defaults of the application, and those by the single cookie', () => {
    const defaultCookieAttributes: CookieAttributes = { sameSite: 'none', partitioned: true, domain: 'b.example' }
    const cookies = { session_token: { attributes: { domain: 'c.example' } } }
    const crossSubDomainCookies = { enabled: true, domain: 'a.example' }
    const advanced = { defaultCookieAttributes, cookies, crossSubDomainCookies }
    expect(define({ advanced }).attributes).toMatchObject({ sameSite: 'none', partitioned: true, domain: 'c.example' })
    expect(define({ advanced }, 'dont_remember').attributes.domain).toBe('b.example')
  })
})

describe('a cookie that no browser would take as it is meant', () => {
  const over = 400 * 86_400 + 1
  const nonsense: [string, KerniaOptions['advanced']][] = [
    ['cookies.session_token: maxAge', { cookies: { session_token: { attributes: { maxAge: over } } } }],
    ['defaultCookieAttributes: maxAge', { defaultCookieAttributes: { maxAge: over } }],
    ['cookiePrefix', { cookiePrefix: 'my app' }],
    ['cookiePrefix', { cookiePrefix: 'a;b' }],
    ['cookiePrefix', { cookiePrefix: 'a=b' }],
    ['cookies.session_token', { cookies: { session_token: { name: 'sid\r\nx: y' } } }],
    ['cookies.session_token', { cookies: { session_token: { name: '' } } }],
  ]
  it.each(nonsense)('%s: refused when the instance is made, %j', (name, advanced) => {
    expect(() => define({ advanced })).toThrow(name)
  })

  it('is told from one that is unusual', () => {
    const cookies = { session_token: { name: 'a!b|c', attributes: { maxAge: over - 1 } }, unused: undefined }
    expect(define({ advanced: { cookies, cookiePrefix: 'x_y.z' } }).name).toBe('a!b|c')
  })
})

describe('a Set-Cookie header', () => {
  it('has the attributes in the order of the wire', () => {
    const all: CookieAttributes = {
      partitioned: true,
      sameSite: 'none',
      secure: true,
      httpOnly: true,
      expires: new Date(0),
      path: '/',
      domain: 'a.example',
      maxAge: 60.9,
    }
    expect(serializeCookie('n', 'v', all)).toBe(
      'n=v; Max-Age=60; Domain=a.example; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=None; Partitioned',
    )
  })

  it('percent-encodes the value, signature included', () => {
    expect(serializeCookie('n', 'a.b+/=', {})).toBe('n=a.b%2B%2F%3D')
    expect(serializeCookie('n', 'a; Domain=evil.example\r\n', {})).toBe('n=a%3B%20Domain%3Devil.example%0D%0A')
  })

  it('expires a cookie with an empty value and Max-Age=0', () => {
    expect(serializeCookie('n', '', { maxAge: 0, path: '/' })).toBe('n=; Max-Age=0; Path=/')
  })

  it('refuses more than 400 days', () => {
    expect(serializeCookie('n', 'v', { maxAge: 400 * 86_400 })).toBe('n=v; Max-Age=34560000')
    expect(() => serializeCookie('n', 'v', { maxAge: 400 * 86_400 + 1 })).toThrow('400 days')
  })

  it('gives back what was put in, through a Cookie header (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), value => {
        const [pair = ''] = serializeCookie('name', value, {}).split('; ')
        expect(parseCookies(`a=1; ${pair}; z=2`).get('name')).toBe(value)
      }),
    )
  })
})

describe('a Cookie header', () => {
  it.each([
    [null, {}],
    ['', {}],
    ['a=1', { a: '1' }],
    ['a=1; b=2', { a: '1', b: '2' }],
    ['a=1;b=2;;', { a: '1', b: '2' }],
    ['  a  =  1  ', { a: '1' }],
    ['a=1; a=2', { a: '1' }],
    ['a=b=c', { a: 'b=c' }],
    ['a="quoted"', { a: 'quoted' }],
    ['a="', { a: '"' }],
    ['a', {}],
    ['=1', {}],
    ['a=', { a: '' }],
    ['a=%41%zz', { a: '%41%zz' }],
    ['a=%E4', { a: '%E4' }],
    ['__proto__=1', { ['__proto__']: '1' }],
  ])('%j is read as %j', (header, cookies) => {
    expect([...parseCookies(header)]).toEqual(Object.entries(cookies))
  })

  it('is never too broken to read (property)', () => {
    const garbage = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.stringMatching(/^[a=;% "\\]{0,40}$/))
    fc.assert(
      fc.property(garbage, header => {
        for (const [name, value] of parseCookies(header))
          expect([typeof name, typeof value]).toEqual(['string', 'string'])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a signed value', () => {
  it('is value, dot and the signature, and gives the value back', () => {
    const signed = signValue('a.value', secret)
    expect(signed).toMatch(/^a\.value\.[A-Za-z0-9+/]{43}=$/)
    expect(verifySignedValue(signed, secret)).toBe('a.value')
  })

  it('holds under no other secret (property)', () => {
    const text = fc.string({ minLength: 1 })
    fc.assert(
      fc.property(text, text, (value, other) => {
        fc.pre(other !== secret)
        expect(verifySignedValue(signValue(value, secret), secret)).toBe(value)
        expect(verifySignedValue(signValue(value, other), secret)).toBeUndefined()
      }),
    )
  })

  const value = fc.stringMatching(/^[a-zA-Z0-9.]{1,40}$/)

  it('is rejected after any change of one character (property)', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (given, position, character) => {
        const signed = signValue(given, secret)
        const at = position % signed.length
        fc.pre(signed[at] !== character)
        expect(verifySignedValue(signed.slice(0, at) + character + signed.slice(at + 1), secret)).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })

  it('is rejected when cut, extended or shuffled (property)', () => {
    fc.assert(
      fc.property(
        value,
        fc.nat(),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 5 }),
        (given, one, two, insertion) => {
          const signed = signValue(given, secret)
          const [from, to] = [one % signed.length, two % signed.length].sort((a, b) => a - b) as [number, number]
          const inserted = signed.slice(0, from) + insertion + signed.slice(from)
          const changed = [
            signed.slice(0, from) + signed.slice(to + 1),
            inserted,
            signed.slice(from) + signed.slice(0, from),
          ]
          for (const text of changed) {
            if (text !== signed) expect(verifySignedValue(text, secret)).toBeUndefined()
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is rejected when it is no such thing at all, without throwing (property)', () => {
    const garbage = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[a.=+/]{0,60}$/))
    fc.assert(
      fc.property(garbage, text => verifySignedValue(text, secret) === undefined),
      { numRuns: 1000 },
    )
    for (const text of [undefined, '', '.', `.${'a'.repeat(43)}=`, `x.${'a'.repeat(43)}=`, 'x.', 'x']) {
      expect(verifySignedValue(text, secret)).toBeUndefined()
    }
  })
})
