import { isIP, SocketAddress } from 'node:net'

/**
 * One spelling for one client: an IPv4 address as it is (also when mapped into IPv6), an IPv6 address written out and
 * cut to its /64, which is what one customer of a network holds.
 * @returns undefined for text that is no address
 */
export function normalizeAddress(text: string | undefined): string | undefined {
  const given = text?.trim().replace(/%.*$/, '') ?? ''
  const family = isIP(given)
  if (family === 4) return given
  if (family !== 6) return undefined
  const canonical = new SocketAddress({ address: given, family: 'ipv6' }).address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(canonical)
  if (mapped) return mapped[1]
  const [head = '', tail] = canonical.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const middle = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0')
  const network = [...left, ...middle, ...right].slice(0, 4)
  return [...network, '0', '0', '0', '0'].map(group => group.padStart(4, '0')).join(':')
}

/**
 * The client's address in that one spelling: from the first of `trustedHeaders` that holds one, else the socket's.
 * A header counts only when the application says its proxy sets it, since anyone can send one.
 */
export function clientAddress(
  headers: Headers,
  trustedHeaders: readonly string[],
  socketAddress: string | undefined,
): string | undefined {
  for (const name of trustedHeaders) {
    const address = normalizeAddress(headers.get(name)?.split(',')[0])
    if (address) return address
  }
  return normalizeAddress(socketAddress)
}
