import { describe, expect, it } from 'vitest'
import { createKeyring } from '../../src/crypto/keyring.ts'
import { createTokenEncryption } from '../../src/oauth/token-encryption.ts'

const old = { version: 1, value: 'an old secret of more than 32 characters' }
const next = { version: 2, value: 'the next secret of more than 32 characters' }
const keys = createKeyring([old])

describe('tokens at rest', () => {
  it('are encrypted, differently each time, and decrypted', () => {
    const tokens = createTokenEncryption(keys, true)
    const [one, two] = [tokens.encrypt('ya29.token'), tokens.encrypt('ya29.token')]
    expect(one).toMatch(/^k1\.1\.[\w-]+$/)
    expect(one).not.toBe(two)
    expect([one, two].map(tokens.decrypt)).toEqual(['ya29.token', 'ya29.token'])
  })

  it('are left alone when encryption is off, and those of before are read', () => {
    const [on, off] = [createTokenEncryption(keys, true), createTokenEncryption(keys, false)]
    expect(off.encrypt('ya29.token')).toBe('ya29.token')
    expect(off.decrypt('ya29.token')).toBe('ya29.token')
    expect(off.decrypt(on.encrypt('ya29.token'))).toBe('ya29.token')
  })

  it.each(['ya29.a0', 'gho_16C7e42F292c6912E7710c838347Ae178B4a', 'eyJhbGciOiJSUzI1NiJ9.e30.sig', 'k1', 'k1.x.y', ''])(
    'that were stored before encryption was on are read as they are: %s',
    token => expect(createTokenEncryption(keys, true).decrypt(token)).toBe(token),
  )

  it('are readable after the secret was rotated, and not after it is gone', () => {
    const sealed = createTokenEncryption(keys, true).encrypt('ya29.token')
    const rotated = createTokenEncryption(createKeyring([next, old]), true)
    expect(rotated.decrypt(sealed)).toBe('ya29.token')
    expect(rotated.encrypt('x')).toMatch(/^k1\.2\./)
    expect(createTokenEncryption(createKeyring([next]), true).decrypt(sealed)).toBeUndefined()
  })

  it('open under no other purpose, and nothing sealed for another opens here', () => {
    const tokens = createTokenEncryption(keys, true)
    for (const purpose of ['oauth-state', 'cookie-cache', 'account', 'oauth-account-token']) {
      expect(tokens.decrypt(keys.seal(purpose, 'text'))).toBeUndefined()
      expect(keys.open(purpose, tokens.encrypt('ya29.token'))).toBeUndefined()
    }
  })

  it('do not open when they were changed', () => {
    const tokens = createTokenEncryption(keys, true)
    const sealed = tokens.encrypt('ya29.token')
    const at = sealed.length - 5
    expect(
      tokens.decrypt(`${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`),
    ).toBeUndefined()
  })
})
