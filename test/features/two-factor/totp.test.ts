import { describe, expect, it } from 'vitest'
import { base32 } from '../../../routers/two-factor/base32.ts'
import { hotp, matchingStep, totp, totpUri } from '../../../routers/two-factor/totp.ts'
import { fromBase32 } from './authenticator.ts'

const secret = '12345678901234567890'
const at = (seconds: number) => new Date(seconds * 1000)

describe('TOTP', () => {
  it('gives the values of RFC 4226, appendix D', () => {
    const values = Array.from({ length: 10 }, (_, counter) => hotp(secret, counter, 6))
    expect(values).toEqual([
      '755224',
      '287082',
      '359152',
      '969429',
      '338314',
      '254676',
      '287922',
      '162583',
      '399871',
      '520489',
    ])
  })

  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('gives the value of RFC 6238, appendix B, at %i', (seconds, value) => {
    expect(totp(secret, at(seconds), { digits: 8, period: 30 })).toBe(value)
  })

  it('accepts the steps before and after the current one, and no other [control 18]', () => {
    const settings = { digits: 6, period: 30 }
    const accepted = [-2, -1, 0, 1, 2].map(offset =>
      matchingStep(secret, hotp(secret, 1000 + offset, 6), at(30_010), settings),
    )
    expect(accepted).toEqual([undefined, 999, 1000, 1001, undefined])
    for (const code of ['', '12345', '1234567', 'abcdef', '٣٣٣٣٣٣']) {
      expect(matchingStep(secret, code, at(30_010), settings)).toBeUndefined()
    }
  })

  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes base32 as RFC 4648, section 10: %j', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded)
    expect(fromBase32(encoded).toString()).toBe(text)
  })

  it('names issuer and account in the address for the app', () => {
    const uri = totpUri(secret, { issuer: 'A & B', account: 'ann+1@example.com' }, { digits: 6, period: 30 })
    expect(uri).toBe(
      'otpauth://totp/A%20%26%20B:ann%2B1%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=A%20%26%20B&digits=6&period=30',
    )
  })
})
