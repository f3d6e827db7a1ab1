import { createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { CompactEncrypt, EncryptJWT, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { keyIdOf, openA256CbcHs512, openHs256 } from '../../src/crypto/compact-jose.ts'

const secret = 'a-secret-for-tests-a-secret-for-tests-0123456789'
const key = new Uint8Array(hkdfSync('sha256', secret, 'salt', 'info', 64))
const claims = { user: { name: 'Ünï 😀' }, list: [1, null, 'x'] }
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What reading gave, an exception being nothing as well. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

const signed = (header: object, payload: object = claims, by = secret) => {
  const text = `${part(header)}.${part(payload)}`
  return `${text}.${createHmac('sha256', by).update(text).digest('base64url')}`
}

describe('a signed token', () => {
  it('that jose made is read', async () => {
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))
    expect(openHs256(token, secret)).toEqual(claims)
    expect(openHs256(token, `${secret}x`)).toBeUndefined()
  })

  it.each([
    ['of no algorithm', `${part({ alg: 'none' })}.${part(claims)}.`],
    ['of no algorithm, with a signature', signed({ alg: 'none' })],
    ['of another algorithm', signed({ alg: 'HS512' })],
    ['with a critical extension', signed({ alg: 'HS256', crit: ['exp'] })],
    ['with a part too many', `${signed({ alg: 'HS256' })}.x`],
    ['without a signature', signed({ alg: 'HS256' }).replace(/[^.]+$/, '')],
    ['with half a signature', signed({ alg: 'HS256' }).slice(0, -20)],
    ['with a letter too many', `${signed({ alg: 'HS256' })}A`],
    ['by another key', signed({ alg: 'HS256' }, claims, 'another')],
    ['of a text', signed({ alg: 'HS256' }, 'text' as never)],
    ['of nothing', ''],
  ])('%s is none', (_title, token) => {
    expect(attempt(() => openHs256(token, secret))).toBeUndefined()
  })
})

describe('an encrypted token', () => {
  const encrypt = (header: object = {}) =>
    new EncryptJWT(claims).setProtectedHeader({ alg: 'dir', enc: 'A256CBC-HS512', ...header }).encrypt(key)

  it('that jose made is read, with the id of its key', async () => {
    expect(openA256CbcHs512(await encrypt(), key)).toEqual(claims)
    expect(keyIdOf(await encrypt({ kid: 'one' }))).toBe('one')
    expect(keyIdOf(await encrypt())).toBeUndefined()
    expect(openA256CbcHs512(await encrypt(), key.toReversed())).toBeUndefined()
  })

  it('of another algorithm, of a text, or with a part too many is none', async () => {
    const gcm = await new EncryptJWT(claims)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(key.subarray(0, 32))
    const text = await new CompactEncrypt(new TextEncoder().encode('"text"'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256CBC-HS512' })
      .encrypt(key)
    for (const token of [gcm, text, `${await encrypt()}.x`, '', '....', `${part({ alg: 'dir' })}....`]) {
      expect(attempt(() => openA256CbcHs512(token, key))).toBeUndefined()
    }
  })

  it('is none after any change (property)', async () => {
    const token = await encrypt({ kid: 'one' })
    const change = fc.property(fc.nat(), fc.constantFrom(...'aZ09-_.'), fc.boolean(), (position, letter, replaces) => {
      const at = position % token.length
      const changed = token.slice(0, at) + letter + token.slice(at + (replaces ? 1 : 0))
      fc.pre(changed !== token)
      expect(attempt(() => openA256CbcHs512(changed, key))).toBeUndefined()
    })
    fc.assert(change, { numRuns: 2000 })
  })
})
