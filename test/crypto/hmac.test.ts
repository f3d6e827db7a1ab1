import { createHmac } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { memoryAdapter as officialMemory } from 'better-auth/adapters/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serializeCookie, signValue, verifySignedValue } from '../../src/cookies.ts'
import { deriveKey, equalInConstantTime, isSignedBy, sha256, sign } from '../../src/crypto/hmac.ts'
import { ann, secret } from '../support/test-auth.ts'

describe('a signature', () => {
  it('is HMAC-SHA256 in base64 (RFC 4231, test case 2)', () => {
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    expect(Buffer.from(sign('Jefe', 'what do ya want for nothing?'), 'base64').toString('hex')).toBe(expected)
  })

  it('always has 44 characters and ends in =', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ minLength: 1 }), (value, key) => {
        expect(sign(key, value)).toMatch(/^[A-Za-z0-9+/]{43}=$/)
        expect(isSignedBy(key, value, sign(key, value))).toBe(true)
      }),
    )
  })

  it('depends on every part of the value and of the secret', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }), (one, two, key) => {
        fc.pre(one !== two)
        expect(sign(key, one)).not.toBe(sign(key, two))
        expect(sign(`${key}${one}`, 'x')).not.toBe(sign(`${key}${two}!`, 'x'))
      }),
    )
  })
})

describe('comparing in constant time', () => {
  it('agrees with ===, whatever the lengths', () => {
    const text = fc.string({ maxLength: 8 })
    fc.assert(fc.property(text, text, (one, two) => equalInConstantTime(one, two) === (one === two)))
    expect(equalInConstantTime('same', 'same')).toBe(true)
    expect(equalInConstantTime('', '')).toBe(true)
  })
})

describe("the official package's session cookie", () => {
  const { email, name, password } = ann
  const createOfficial = () =>
    betterAuth({
      baseURL: 'http://localhost:3000',
      secret,
      database: officialMemory({ user: [], session: [], account: [], verification: [] }),
      emailAndPassword: { enabled: true },
      telemetry: { enabled: false },
    })

  it('is what we would sign, and we accept it', async () => {
    const { headers, response } = await createOfficial().api.signUpEmail({
      body: { email, name, password },
      returnHeaders: true,
    })
    const [cookie = ''] = headers.getSetCookie()
    const [pair = ''] = cookie.split(';')
    const raw = decodeURIComponent(pair.slice(pair.indexOf('=') + 1))
    expect(verifySignedValue(raw, secret)).toBe(response.token)
    const own = serializeCookie('better-auth.session_token', signValue(response.token as string, secret), {})
    expect(pair).toBe(own)
  })

  it('is accepted by the official package when we sign it', async () => {
    const official = createOfficial()
    const { token } = await official.api.signUpEmail({ body: { email, name, password } })
    const pair = serializeCookie('better-auth.session_token', signValue(token as string, secret), {})
    expect(await official.api.getSession({ headers: new Headers({ cookie: pair }) })).toMatchObject({ user: { email } })
    const forged = serializeCookie('better-auth.session_token', signValue(token as string, `${secret}!`), {})
    expect(await official.api.getSession({ headers: new Headers({ cookie: forged }) })).toBeNull()
  })
})

describe('digests and keys', () => {
  it('is SHA-256 in base64url without padding', () => {
    expect(sha256('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  })

  it('derives another key for every purpose, and no key is the secret', () => {
    const keys = ['session', 'state', 'sessio', ''].map(purpose => deriveKey(secret, purpose).toString('hex'))
    expect(new Set(keys).size).toBe(4)
    expect(deriveKey(secret, 'session').toString('hex')).toBe(keys[0])
    expect(deriveKey(`${secret}!`, 'session').toString('hex')).not.toBe(keys[0])
    expect(keys[0]).not.toBe(createHmac('sha256', secret).update('session').digest('hex'))
    expect(deriveKey(secret, 'session')).toHaveLength(32)
  })
})
