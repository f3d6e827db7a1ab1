import { createSafeFetch, type SafeFetch } from '../safe-fetch.ts'

/** How requests go out to other servers, such as providers. */
export interface OutboundOptions {
  /** Host names, or addresses, that may be private, such as an identity provider within one's own network. */
  allowedHosts?: readonly string[]
  /** Milliseconds for a whole exchange; default 5,000. */
  timeoutMs?: number
  /** Bytes of an answer; default 1 MiB. */
  maxBytes?: number
  /** Sends them instead, and none of the limits above holds then: for tests, or a proxy of one's own. */
  fetch?: SafeFetch
}

/** The one way out of an instance. Loopback is another server's only while developing. */
export function createOutboundFetch(
  { fetch, ...limits }: OutboundOptions = {},
  { isProduction }: { isProduction: boolean },
): SafeFetch {
  return fetch ?? createSafeFetch({ allowLoopback: !isProduction, ...limits })
}
