import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkUrlFields, isTrustedOrigin, isTrustedUrl } from '../../src/origin.ts'
import { hostileUrls, trusted } from './hostile-urls.ts'

describe('a place to go that is not ours', () => {
  it('comes in at least 150 disguises', () => {
    expect(new Set(hostileUrls).size).toBeGreaterThanOrEqual(150)
  })

  // Fragments and the like of our own paths are refused too: the same rule as the official server's.
  it.each(hostileUrls)('%j is refused', url => {
    expect(isTrustedUrl(url, trusted)).toBe(false)
    expect(isTrustedOrigin(url, trusted)).toBe(false)
  })

  it('never leads away from a trusted origin, if it is let through (property)', () => {
    const base = 'https://app.example.com'
    const piece = fc.constantFrom(
      ...['/', '//', '\\', ':', '@', '.', '?', '#', '%2f', '%5c', '%00', '\t', 'https:', 'evil.com', 'app.example.com'],
      ...['a.trusted.example', '*', 'javascript:', '。', '／', ';', '..', 'x', '[', ']', '&'],
    )
    const url = fc.array(piece, { maxLength: 8 }).map(pieces => pieces.join(''))
    const isOurs = (host: string) => host === 'app.example.com' || /^[^/\\]*\.trusted\.example$/.test(host)
    fc.assert(
      fc.property(url, text => {
        if (!isTrustedUrl(text, [base, 'https://*.trusted.example'])) return
        const { protocol, host } = new URL(text, base)
        expect([protocol, isOurs(host)]).toEqual(['https:', true])
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('a place to go that is ours', () => {
  it.each([
    '/',
    '/dashboard',
    '/a/b/c.html',
    '/a-b_c+d/@me',
    '/path?a=1&b=/x/y&c=%20@',
    '/api/auth/error',
    'https://app.example.com',
    'https://app.example.com/',
    'https://app.example.com:443/path?q=1#part',
    'https://APP.example.com/path',
    'HTTPS://app.example.com',
    'https://a.trusted.example/x',
    'https://a.b.trusted.example',
    'http://localhost:3000/next',
    'myapp://',
    'myapp://callback',
    'myapp://callback/deep?x=1',
    'myapp:///path',
    'MYAPP://callback',
  ])('%j is let through', url => {
    expect(isTrustedUrl(url, trusted)).toBe(true)
  })

  it('is no origin when it is a path', () => {
    expect(isTrustedOrigin('/dashboard', trusted)).toBe(false)
    expect(isTrustedOrigin('https://app.example.com', trusted)).toBe(true)
  })
})

describe('a trusted origin', () => {
  const cases: [pattern: string, url: string, trusts: boolean][] = [
    ['https://a.example', 'https://a.example', true],
    ['https://a.example', 'https://a.example:443', true],
    ['https://a.example', 'http://a.example', false],
    ['https://a.example', 'https://a.example:444', false],
    ['https://a.example/', 'https://a.example/any', true],
    ['https://a.example/only', 'https://a.example/any', true],
    ['a.example', 'https://a.example', false],
    // `*` crosses dots but no slash.
    ['https://*.a.example', 'https://x.a.example', true],
    ['https://*.a.example', 'https://x.y.a.example', true],
    ['https://*.a.example', 'https://a.example', false],
    ['https://*.a.example', 'http://x.a.example', false],
    ['https://*.a.example', 'https://xa.example', false],
    ['https://*.a.example', 'https://x.a.example.evil', false],
    ['https://*.a.example', 'https://x.a.example:8443', false],
    ['https://*.a.example:8443', 'https://x.a.example:8443', true],
    ['https://*.a.example:*', 'https://x.a.example:8443', true],
    ['https://**.a.example', 'https://x.y.a.example', true],
    ['https://a?.example', 'https://ab.example', true],
    ['https://a?.example', 'https://abc.example', false],
    ['https://a?.example', 'https://a.example', false],
    ['http*://a.example', 'http://a.example', true],
    ['https://*', 'https://anything.example', true],
    ['https://*', 'http://anything.example', false],
    // Without a scheme a pattern is about the host, its port included.
    ['*.a.example', 'https://x.a.example', true],
    ['*.a.example', 'http://x.a.example', true],
    ['*.a.example', 'https://x.a.example:8443', false],
    ['*.a.example:8443', 'https://x.a.example:8443', true],
    ['*.a.example', 'https://evil.com/x.a.example', false],
    ['*.a.example', 'myapp://x.a.example', false],
    ['localhost:*', 'http://localhost:5173', true],
    ['localhost:*', 'http://localhost.evil.com:5173', false],
    // Characters with a meaning in regular expressions stand for themselves.
    ['https://*.a.example', 'https://x.aXexample', false],
    ['https://*(a|b).example', 'https://xa.example', false],
    // Schemes of apps: the scheme itself, an exact authority if there is one, and a path by its segments.
    ['myapp://', 'myapp://anything/at/all', true],
    ['myapp://', 'myapp2://anything', false],
    ['myapp://host', 'myapp://host', true],
    ['myapp://host', 'myapp://host/path', true],
    ['myapp://host', 'myapp://hostile', false],
    ['myapp://host', 'myapp://host.evil', false],
    ['myapp://host', 'myapp://', false],
    ['myapp://host/a', 'myapp://host/a', true],
    ['myapp://host/a', 'myapp://host/a/b?c', true],
    ['myapp://host/a', 'myapp://host/ab', false],
    ['myapp://host/a', 'myapp://host/a/../b', false],
    ['myapp://host/a', 'myapp://host/a/%2e%2e/b', false],
    ['myapp://host/a/', 'myapp://host/a', true],
    ['myapp://*', 'myapp://host', true],
    ['myapp://*', 'myapp://host/any/path', true],
    ['myapp://*', 'myappevil://host', false],
    ['*://host', 'myapp://host', false],
    ['my*://host', 'myapp://host', false],
    ['exp://192.168.*.*:*', 'exp://192.168.0.2:8081/--/', true],
    ['exp://192.168.*.*:*', 'exp://10.0.0.1:8081', false],
    ['exp://192.168.*.*:*', 'exp://192.168.0.2', false],
    ['exp://192.168.*.*:*', 'exp://192.168.evil.com:1', true],
    ['exp://192.168.*.*:*/**', 'exp://192.168.0.2:8081/--/auth', true],
    ['exp://192.168.*.*:*/--/*', 'exp://192.168.0.2:8081/--/auth', true],
    ['exp://192.168.*.*:*/--/*', 'exp://192.168.0.2:8081/other', false],
    ['exp://**', 'exp://host/path', true],
    ['exp://*.host', 'exp://evil/x.host', false],
    ['exp://*', 'https://host', false],
    ['javascript:*', 'javascript:alert(1)', false],
    ['exp://', 'exp://192.168.0.2:8081/--/', true],
    ['', 'https://a.example', false],
    ['', 'myapp://x', false],
  ]
  it.each(cases)('%j trusts %j: %s', (pattern, url, trusts) => {
    expect(isTrustedUrl(url, [pattern])).toBe(trusts)
  })

  it('is found out in no time, however long the address is and however many stars it has', () => {
    const start = performance.now()
    for (const length of [200, 10_000, 100_000]) {
      for (const host of ['-'.repeat(length), 'a.'.repeat(length / 2), '-.'.repeat(length / 2)]) {
        expect(isTrustedUrl(`https://${host}x`, ['https://*-*.*.example.com', '*-*.*.example.com'])).toBe(false)
      }
    }
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('is needed: an empty list trusts paths of this site only', () => {
    expect(isTrustedUrl('https://a.example', [])).toBe(false)
    expect(isTrustedUrl('/path', [])).toBe(true)
  })
})

describe('the addresses in an input', () => {
  const refusals = {
    callbackURL: 'INVALID_CALLBACK_URL',
    redirectTo: 'INVALID_REDIRECT_URL',
    errorCallbackURL: 'INVALID_ERROR_CALLBACK_URL',
    newUserCallbackURL: 'INVALID_NEW_USER_CALLBACK_URL',
  }
  it.each(Object.entries(refusals))('%s is refused with %s', (field, authCode) => {
    const check = (value: unknown) => () => checkUrlFields({ [field]: value }, trusted)
    expect(check('https://evil.com')).toThrow(expect.objectContaining({ authCode, status: 403 }))
    for (const value of ['/path', 'https://app.example.com/x', '', null, undefined]) expect(check(value)).not.toThrow()
    for (const value of [1, true, {}, ['/path'], ['https://evil.com']]) {
      expect(check(value)).toThrow(expect.objectContaining({ authCode: 'VALIDATION_ERROR', status: 400 }))
    }
  })

  it('are only those four, and only its own', () => {
    expect(() => checkUrlFields({ image: 'https://evil.com/me.png', name: '//evil.com' }, trusted)).not.toThrow()
    expect(() => checkUrlFields(Object.create({ callbackURL: 'https://evil.com' }), trusted)).not.toThrow()
  })
})
