import type { RequestSource } from './context.ts'
import { AuthError, errors } from './errors.ts'
import { originGlob } from './glob.ts'
import type { AllowedHosts } from './options/base-url.ts'

/** What of a request tells under which address it was sent. */
export interface AddressedRequest extends Pick<RequestSource, 'headers' | 'method' | 'url' | 'isEncrypted'> {
  /** X-Forwarded-Host and X-Forwarded-Proto are a trusted proxy's. */
  isForwarded?: boolean
}

// A name or an IPv4 address, or an IPv6 one in brackets; with a port or without.
const HOST = /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*|\[[\da-f:.]+\])(?::\d{1,5})?$/i
const LONGEST_HOST = 259

/**
 * The origin under which a request reached an instance of several hosts: the one that it names, if it is among them,
 * else the fallback.
 * @throws INVALID_HOST for another host when there is no fallback
 */
export function originOfRequest(
  { hosts, fallback }: { hosts: AllowedHosts; fallback: string },
  source: AddressedRequest,
): string {
  const host = hostOf(source)
  if (host && hosts.patterns.some(pattern => originGlob(pattern).test(host))) {
    const protocol = hosts.protocol === 'auto' ? protocolOf(source, host) : hosts.protocol
    return new URL(`${protocol}://${host}`).origin
  }
  if (fallback) return fallback
  if (source.method === undefined && !host) {
    throw new Error('the base URL depends on the request: give its headers, `host` among them, or set baseURL.fallback')
  }
  throw new AuthError(errors.INVALID_HOST)
}

/** The origins of the allowed hosts; the local machine is reached without TLS too. */
export function originsOfHosts({ patterns }: AllowedHosts): string[] {
  return patterns.flatMap(host => (isLoopback(host) ? [`https://${host}`, `http://${host}`] : [`https://${host}`]))
}

function hostOf({ headers, url, isForwarded }: AddressedRequest): string | undefined {
  const forwarded = isForwarded ? headers.get('x-forwarded-host') : undefined
  return [forwarded, headers.get('host'), url?.host].find(isHost)
}

function isHost(host: string | null | undefined): host is string {
  return typeof host === 'string' && host.length <= LONGEST_HOST && HOST.test(host) && URL.canParse(`http://${host}`)
}

// Before a proxy that ends TLS the connection is plain, so only the local machine is taken to be without it.
function protocolOf({ headers, url, isForwarded, isEncrypted }: AddressedRequest, host: string): 'http' | 'https' {
  const forwarded = isForwarded ? headers.get('x-forwarded-proto') : undefined
  if (forwarded === 'http' || forwarded === 'https') return forwarded
  const isTls = isEncrypted ?? url?.protocol === 'https:'
  return isLoopback(host) && !isTls ? 'http' : 'https'
}

function isLoopback(host: string): boolean {
  // In a pattern the port may be any.
  const name = host.replace(/:[\d*?]+$/, '').toLowerCase()
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name)
}
