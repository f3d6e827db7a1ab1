import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AddressOptions, createAddressResolver, normalizeAddress } from '../../src/client-address.ts'

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
  const list = { 'x-forwarded-for': '203.0.113.7, 10.0.0.1', 'x-real-ip': '203.0.113.8' }
  const addressOf = (options: AddressOptions, headers: Record<string, string>, socketAddress?: string) =>
    createAddressResolver(options).clientOf(new Headers(headers), socketAddress)

  it("is the socket's: anyone can send a header", () => {
    expect(addressOf({}, list, '192.0.2.1')).toBe('192.0.2.1')
    expect(addressOf({}, list, '::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(addressOf({}, list)).toBeUndefined()
  })

  it('is the last one of a header that the application names: the one its proxy wrote', () => {
    const options = { ipAddressHeaders: ['x-forwarded-for'] }
    expect(addressOf(options, list, '192.0.2.1')).toBe('10.0.0.1')
    expect(addressOf(options, { 'x-forwarded-for': '203.0.113.7' }, '192.0.2.1')).toBe('203.0.113.7')
    expect(addressOf({ ipAddressHeaders: ['cf-connecting-ip', 'x-real-ip'] }, list, '192.0.2.1')).toBe('203.0.113.8')
  })

  it("is the socket's when that header holds no address", () => {
    for (const value of [
      'unknown',
      '',
      '203.0.113.7, ',
      '203.0.113.7, garbage',
      '999.1.1.1',
      '<script>',
      '1.2.3.4:80',
    ]) {
      expect(addressOf({ ipAddressHeaders: ['x-forwarded-for'] }, { 'x-forwarded-for': value }, '192.0.2.1')).toBe(
        '192.0.2.1',
      )
    }
  })

  it('is nobody’s when addresses are not to be kept', () => {
    expect(addressOf({ disableIpTracking: true }, list, '192.0.2.1')).toBeUndefined()
  })
})

describe('behind proxies whose addresses are known', () => {
  const options = {
    ipAddressHeaders: ['x-forwarded-for'],
    trustedProxies: ['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '::ffff:172.16.0.0/108'],
  }
  const resolver = createAddressResolver(options)
  const cases: [title: string, header: string, socket: string | undefined, client: string | undefined][] = [
    ['one proxy', '203.0.113.7', '10.0.0.1', '203.0.113.7'],
    ['several proxies', '203.0.113.7, 10.1.1.1, 192.0.2.1', '10.0.0.1', '203.0.113.7'],
    ['a client that pretends to be another', '198.51.100.1, 203.0.113.7, 10.1.1.1', '10.0.0.1', '203.0.113.7'],
    ['a client that pretends to be a proxy', '10.9.9.9, 203.0.113.7', '10.0.0.1', '203.0.113.7'],
    ['a client that pretends to be nothing', 'garbage, 203.0.113.7', '10.0.0.1', '203.0.113.7'],
    ['a connection from elsewhere', '198.51.100.1', '203.0.113.7', '203.0.113.7'],
    ['a connection from elsewhere, naming a proxy', '10.0.0.9', '203.0.113.7', '203.0.113.7'],
    ['a socket that is mapped into IPv6', '203.0.113.7', '::ffff:10.0.0.1', '203.0.113.7'],
    ['a proxy in a mapped network', '203.0.113.7', '172.16.3.4', '203.0.113.7'],
    ['a proxy with IPv6', '2001:db8:1:2:3::4', 'fd12::1', '2001:0db8:0001:0002:0000:0000:0000:0000'],
    ['a client within the network', '10.0.0.7', '10.0.0.1', '10.0.0.7'],
    ['a proxy that does not know', '203.0.113.9, unknown, 10.0.0.7', '10.0.0.1', '10.0.0.7'],
    ['no header', '', '10.0.0.1', '10.0.0.1'],
    ['a platform that does not tell the peer', '203.0.113.7', undefined, '203.0.113.7'],
  ]
  it.each(cases)('%s', (_title, header, socket, client) => {
    expect(resolver.clientOf(new Headers({ 'x-forwarded-for': header }), socket)).toBe(client)
  })

  it('no list of addresses makes a client another one, whatever stands before its own (property)', () => {
    const junk = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.1.2.3', 'unknown', '', '<script>'))
    fc.assert(
      fc.property(
        fc.array(junk, { maxLength: 8 }),
        fc.array(fc.constantFrom('10.2.3.4', 'fd00::7'), { maxLength: 4 }),
        (before, proxies) => {
          const header = [...before, '203.0.113.7', ...proxies].join(', ')
          expect(resolver.clientOf(new Headers({ 'x-forwarded-for': header }), '10.0.0.1')).toBe('203.0.113.7')
        },
      ),
    )
  })

  it.each(['10.0.0.0/33', '10.0.0.0/', 'fd00::/129', 'proxy.internal', '10.0.0.0/8/8', '', '::ffff:10.0.0.0/64'])(
    '%j is no proxy',
    entry =>
      expect(() => createAddressResolver({ trustedProxies: [entry] })).toThrow('neither an address nor a network'),
  )
})

describe('how much of an IPv6 address counts', () => {
  it('is as many bits as the application says (property)', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 128 }), fc.integer({ min: 0, max: 127 }), (all, bits, flipped) => {
        fc.pre(!isMapped(all))
        const other = all.map((group, index) => (index === flipped >> 4 ? group ^ (0x8000 >> (flipped & 15)) : group))
        fc.pre(!isMapped(other))
        const [one, two] = [all, other].map(address =>
          normalizeAddress(address.map(group => group.toString(16)).join(':'), bits),
        )
        expect(one === two).toBe(flipped >= bits)
      }),
      { numRuns: 500 },
    )
  })

  it.each([0, 129, 64.5, Number.NaN])('is no %d bits', ipv6Subnet => {
    expect(() => createAddressResolver({ ipv6Subnet })).toThrow('1 to 128')
  })
})
