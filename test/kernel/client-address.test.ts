import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientAddress, normalizeAddress } from '../../src/client-address.ts'

const group = fc.integer({ min: 0, max: 0xffff })
const groups = fc.array(group, { minLength: 8, maxLength: 8 })

/** Every way to write an IPv6 address that RFC 4291 allows: padded or not, any case, a run of zeros left out. */
function spellings(all: readonly number[]): string[] {
  const plain = all.map(value => value.toString(16))
  const padded = plain.map(text => text.padStart(4, '0'))
  const written = [plain.join(':'), padded.join(':'), plain.join(':').toUpperCase()]
  const dotted = [...plain.slice(0, 6), bytes(all.slice(6)).join('.')].join(':')
  const short: string[] = []
  for (let from = 0; from < 8; from++) {
    for (let to = from + 1; to <= 8 && all[to - 1] === 0; to++) {
      short.push(`${plain.slice(0, from).join(':')}::${padded.slice(to).join(':')}`)
    }
  }
  return [...written, dotted, ...short, `${written[0]}%eth0`, ` ${written[0]} `]
}

function bytes(pair: readonly number[]): number[] {
  return pair.flatMap(value => [value >> 8, value & 0xff])
}

const isMapped = (all: readonly number[]) => all.slice(0, 5).every(value => value === 0) && all[5] === 0xffff

describe('an address', () => {
  it('is the same in every spelling (property)', () => {
    const sparse = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: group }), {
      minLength: 8,
      maxLength: 8,
    })
    fc.assert(
      fc.property(fc.oneof(groups, sparse), all => {
        const [first, ...others] = spellings(all).map(text => normalizeAddress(text))
        expect(first).toBeDefined()
        for (const other of others) expect(other).toBe(first)
      }),
      { numRuns: 500 },
    )
  })

  it('is one for a whole /64, and another for the next (property)', () => {
    fc.assert(
      fc.property(groups, groups, (one, two) => {
        fc.pre(!isMapped(one) && !isMapped([...one.slice(0, 4), ...two.slice(4)]))
        const neighbour = [...one.slice(0, 4), ...two.slice(4)]
        expect(normalizeAddress(neighbour.map(value => value.toString(16)).join(':'))).toBe(
          normalizeAddress(one.map(value => value.toString(16)).join(':')),
        )
        const elsewhere = [...one.slice(0, 3), (one[3] ?? 0) ^ 1, ...one.slice(4)]
        expect(normalizeAddress(elsewhere.map(value => value.toString(16)).join(':'))).not.toBe(
          normalizeAddress(one.map(value => value.toString(16)).join(':')),
        )
      }),
    )
  })

  it('is the IPv4 one when it is mapped into IPv6 (property)', () => {
    fc.assert(
      fc.property(fc.ipV4(), address => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        for (const text of [`::ffff:${address}`, `::FFFF:${address}`, `::ffff:${hex}`, `0:0:0:0:0:ffff:${hex}`]) {
          expect(normalizeAddress(text)).toBe(address)
        }
        expect(normalizeAddress(address)).toBe(address)
      }),
    )
  })

  it.each([
    undefined,
    '',
    ' ',
    'unknown',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4:80',
    '[::1]',
    ':::',
    'g::1',
    '::1::',
    'localhost',
    '1.2.3.4, 5.6.7.8',
  ])('%j is none', text => expect(normalizeAddress(text)).toBeUndefined())
})

describe("the client's address", () => {
  const forwarded = new Headers({ 'x-forwarded-for': '203.0.113.7, 10.0.0.1', 'x-real-ip': '203.0.113.8' })

  it("is the socket's: anyone can send a header", () => {
    expect(clientAddress(forwarded, [], '192.0.2.1')).toBe('192.0.2.1')
    expect(clientAddress(forwarded, [], '::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(clientAddress(forwarded, [], undefined)).toBeUndefined()
  })

  it('is the first one of the header that the application trusts', () => {
    expect(clientAddress(forwarded, ['x-forwarded-for'], '192.0.2.1')).toBe('203.0.113.7')
    expect(clientAddress(forwarded, ['cf-connecting-ip', 'x-real-ip'], '192.0.2.1')).toBe('203.0.113.8')
  })

  it("is the socket's when that header holds no address", () => {
    for (const value of ['unknown', '', ', 203.0.113.7', '999.1.1.1', '<script>']) {
      const headers = new Headers({ 'x-forwarded-for': value })
      expect(clientAddress(headers, ['x-forwarded-for'], '192.0.2.1')).toBe('192.0.2.1')
    }
  })
})
