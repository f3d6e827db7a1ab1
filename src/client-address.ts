import { BlockList, isIP, SocketAddress } from 'node:net'

export interface AddressOptions {
  /** Headers that your proxy sets, tried in order. Default none: only the socket's address counts. */
  ipAddressHeaders?: readonly string[]
  /**
   * Addresses and networks (`10.0.0.0/8`) of your proxies. Where given, the headers count only on connections from
   * them, and of several addresses in a header the last one counts that is not a proxy's.
   */
  trustedProxies?: readonly string[]
  /** How many leading bits of an IPv6 address tell one client from another. Default 64, what one customer holds. */
  ipv6Subnet?: number
  /** Keep no addresses, and limit nothing by address. */
  disableIpTracking?: boolean
}

export interface AddressResolver {
  /** The address of a client, in the one spelling under which it is counted; undefined where it is not known. */
  clientOf(headers: Headers, socketAddress: string | undefined): string | undefined
  /** Whether what a connection from there says about the client is believed. */
  trustsPeer(socketAddress: string | undefined): boolean
}

interface Address {
  address: string
  family: 'ipv4' | 'ipv6'
}

const WHOLE_GROUP = 16

/**
 * One spelling for one client: an IPv4 address as it is (also when mapped into IPv6), an IPv6 address written out and
 * cut to its network.
 * @returns undefined for text that is no address
 */
export function normalizeAddress(text: string | undefined, ipv6Subnet = 64): string | undefined {
  const found = parseAddress(text)
  return found && cut(found, ipv6Subnet)
}

/**
 * @throws when a proxy is neither an address nor a network, or `ipv6Subnet` is no number of bits
 */
export function createAddressResolver({
  ipAddressHeaders = [],
  trustedProxies,
  ipv6Subnet = 64,
  disableIpTracking,
}: AddressOptions = {}): AddressResolver {
  if (!Number.isInteger(ipv6Subnet) || ipv6Subnet < 1 || ipv6Subnet > 128) {
    throw new Error('init: advanced.ipAddress.ipv6Subnet must be 1 to 128')
  }
  const proxies = trustedProxies && blockList(trustedProxies)
  const isProxy = ({ address, family }: Address) => proxies?.check(address, family) ?? false
  // Where the platform does not tell the peer, nobody can connect past its own proxy.
  const trusts = (peer: Address | undefined) => !proxies || !peer || isProxy(peer)
  return {
    trustsPeer: socketAddress => trusts(parseAddress(socketAddress)),
    clientOf: (headers, socketAddress) => {
      if (disableIpTracking) return undefined
      const peer = parseAddress(socketAddress)
      const named = trusts(peer) ? ipAddressHeaders : []
      const forwarded = named.map(name => lastForeign(headers.get(name), isProxy)).find(Boolean)
      const client = forwarded ?? peer
      return client && cut(client, ipv6Subnet)
    },
  }
}

/**
 * Each proxy appends whom it was called by, so the list is read from its end: anyone may have written what is before
 * the first address that no proxy of ours has.
 */
function lastForeign(header: string | null, isProxy: (address: Address) => boolean): Address | undefined {
  let found: Address | undefined
  for (const text of header?.split(',').reverse() ?? []) {
    const address = parseAddress(text)
    if (!address) break
    found = address
    if (!isProxy(address)) break
  }
  return found
}

function blockList(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [text, bits, ...rest] = entry.split('/')
    const address = parseAddress(text)
    const most = address?.family === 'ipv4' ? 32 : 128
    // A network of IPv4 addresses written as IPv6 ones counts its bits from their beginning.
    const skipped = most === 32 && text?.includes(':') ? 96 : 0
    const prefix = bits === undefined ? most : Number(/^\d+$/.test(bits) ? bits : Number.NaN) - skipped
    if (!address || rest.length > 0 || !(prefix >= 0 && prefix <= most)) {
      throw new Error(`init: advanced.ipAddress.trustedProxies: "${entry}" is neither an address nor a network`)
    }
    list.addSubnet(address.address, prefix, address.family)
  }
  return list
}

function parseAddress(text: string | undefined): Address | undefined {
  const given = text?.trim().replace(/%.*$/, '') ?? ''
  const family = isIP(given)
  if (family === 4) return { address: given, family: 'ipv4' }
  if (family !== 6) return undefined
  const { address } = new SocketAddress({ address: given, family: 'ipv6' })
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return mapped ? { address: mapped, family: 'ipv4' } : { address, family: 'ipv6' }
}

function cut({ address, family }: Address, ipv6Subnet: number): string {
  if (family === 'ipv4') return address
  return groupsOf(address)
    .map((group, index) => {
      const kept = Math.min(Math.max(ipv6Subnet - index * WHOLE_GROUP, 0), WHOLE_GROUP)
      const mask = (0xffff << (WHOLE_GROUP - kept)) & 0xffff
      return (group & mask).toString(16).padStart(4, '0')
    })
    .join(':')
}

/** The eight numbers of an IPv6 address in its canonical form. */
function groupsOf(address: string): number[] {
  // The last two groups may be written as an IPv4 address, as in `::192.0.2.1`.
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number)
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
  const [head = '', tail] = plain.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const middle = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0')
  return [...left, ...middle, ...right].map(group => Number.parseInt(group, 16))
}
