import { createKeyring, type Keyring } from '../../src/crypto/keyring.ts'

/** Seconds for which a login is good on its way from the one server to the other. */
const DEFAULT_MAX_AGE = 60

export interface OAuthProxyOptions {
  /** Where this server is reached; default the public address of the request. */
  currentURL?: string
  /** Where the server is reached that the providers know; default `baseURL`. Its own server goes the usual way. */
  productionURL?: string
  /** Seconds for which a login is good on its way here; default 60. */
  maxAge?: number
  /** What both servers seal with; default the secret of the instance, which then must be the same on both. */
  secret?: string
}

export interface OAuthProxySettings {
  currentOrigin?: string
  productionOrigin?: string
  maxAge: number
  keys?: Keyring
}

/** @throws when an address is none, or `maxAge` is no time */
export function resolveOAuthProxy(options: OAuthProxyOptions): OAuthProxySettings {
  const { currentURL, productionURL, maxAge = DEFAULT_MAX_AGE, secret } = options
  if (!(maxAge > 0)) throw new Error('oAuthProxy: maxAge is no time')
  return {
    ...(currentURL && { currentOrigin: originOf('currentURL', currentURL) }),
    ...(productionURL && { productionOrigin: originOf('productionURL', productionURL) }),
    maxAge,
    ...(secret && { keys: createKeyring([{ value: secret }]) }),
  }
}

function originOf(option: string, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error(`oAuthProxy: ${option} "${address}" is no http(s) address`)
  return url.origin
}
