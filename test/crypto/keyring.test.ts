import fc from 'fast-check'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createKeyring } from '../../src/crypto/keyring.ts'

const old = { version: 1, value: 'the-old-secret-the-old-secret-the-old-0123456789' }
const newest = { version: 2, value: 'the-new-secret-the-new-secret-the-new-0123456789' }
const before = createKeyring([old])
const during = createKeyring([newest, old])
const after = createKeyring([newest])
const purposes = ['email-verification', 'account-tokens', 'oauth-state', 'session-data', '', 'seal:x', 'token:x']
const times = { now: new Date(1_700_000_000_000), expiresIn: 60 }

describe('a sealed value', () => {
  it('opens with the text that was sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...purposes), (text, purpose) => {
        expect(before.open(purpose, before.seal(purpose, text))).toBe(Buffer.from(text, 'utf8').toString('utf8'))
      }),
    )
  })

  it('opens for no other purpose [A39, control 74]', () => {
    for (const purpose of purposes) {
      const sealed = before.seal(purpose, 'text')
      for (const other of purposes) expect(before.open(other, sealed)).toBe(other === purpose ? 'text' : undefined)
    }
  })

  it('carries the version of its key and outlives a rotation, until the key is removed [control 39]', () => {
    const sealed = before.seal('x', 'text')
    expect(sealed).toMatch(/^k1\.1\./)
    expect(during.open('x', sealed)).toBe('text')
    expect(during.seal('x', 'text')).toMatch(/^k1\.2\./)
    expect(after.open('x', sealed)).toBeUndefined()
    expect(after.open('x', during.seal('x', 'text'))).toBe('text')
  })

  it('made before secrets had versions still opens', () => {
    const sealed = createKeyring([{ value: old.value }]).seal('x', 'text')
    expect(during.open('x', sealed)).toBe('text')
  })

  it('that was tampered with, cut or made up does not open, and nothing throws', () => {
    const sealed = before.seal('x', 'text')
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom('A', 'b', '9', '-', '.', ''), (at, character) => {
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1)
        // The last character of base64 may carry bits that count for nothing.
        if (changed !== sealed && at < sealed.length - 1 && at > 4) expect(before.open('x', changed)).toBeUndefined()
      }),
    )
    fc.assert(fc.property(fc.string(), text => before.open('x', text) === undefined))
    for (const text of ['', 'k1.1.', 'k1.1.AAAA', 'k1.x.AAAA', 'k2.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA']) {
      expect(before.open('x', text)).toBeUndefined()
    }
  })
})

describe('a token', () => {
  it('tells its claims until it expires', async () => {
    const token = await before.issueToken('x', { email: 'ann@example.com' }, times)
    expect(await before.readToken('x', token, times.now)).toMatchObject({ claims: { email: 'ann@example.com' } })
    const later = new Date(times.now.getTime() + 61_000)
    expect(await before.readToken('x', token, later)).toEqual({ problem: 'expired' })
  })

  it('is read for no other purpose [A38, control 13]', async () => {
    for (const purpose of purposes) {
      const token = await before.issueToken(purpose, {}, times)
      for (const other of purposes) {
        const reading = await before.readToken(other, token, times.now)
        expect('claims' in reading).toBe(other === purpose)
      }
    }
  })

  it('outlives a rotation, until the key is removed', async () => {
    const token = await before.issueToken('x', {}, times)
    expect(await during.readToken('x', token, times.now)).toHaveProperty('claims')
    expect(await after.readToken('x', token, times.now)).toEqual({ problem: 'invalid' })
    const later = new Date(times.now.getTime() + 61_000)
    expect(await during.readToken('x', token, later)).toEqual({ problem: 'expired' })
  })

  it('of another algorithm, without an end or malformed is invalid [control 62]', async () => {
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"email":"a"}').toString('base64url')}.`
    const raw = await new SignJWT({ email: 'a' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(Buffer.from(old.value))
    for (const token of [none, raw, '', 'a.b.c', '...', none.slice(0, -1)]) {
      expect(await before.readToken('x', token, new Date())).toEqual({ problem: 'invalid' })
    }
  })
})
