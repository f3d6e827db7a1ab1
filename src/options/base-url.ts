/** One instance under several hosts: the request says which, and only these count. */
export interface DynamicBaseURL {
  /** Hosts, with their port if they have one; `*` matches within a host, as in `*.example.com`. */
  allowedHosts: readonly string[]
  /** Address for requests of other hosts, and for calls without a request. Without it, they are refused. */
  fallback?: string
  /** Default `auto`: what a trusted proxy says, else https, but on the local machine what the connection is. */
  protocol?: 'http' | 'https' | 'auto'
}

export interface BaseURLOptions {
  /** Public address, with or without the path, or several hosts. Default `KERNIA_BASE_URL`; required in production. */
  baseURL?: string | DynamicBaseURL
  /** Where the routes are mounted. Default `/api/auth`. */
  basePath?: string
}

/** A dynamic base URL, checked. */
export interface AllowedHosts {
  patterns: readonly string[]
  protocol: 'http' | 'https' | 'auto'
}

export interface ResolvedBaseURL {
  /** Where the instance is reached; with several hosts the fallback's, or empty without one. */
  origin: string
  basePath: string
  /** The origin depends on the request. */
  hosts?: AllowedHosts
}

/** @throws when it is missing in production, or no http(s) address, or allows every host */
export function resolveBaseURL(
  { baseURL, basePath }: BaseURLOptions,
  env: NodeJS.ProcessEnv,
  isProduction: boolean,
): ResolvedBaseURL {
  const hosts = typeof baseURL === 'object' ? allowedHosts(baseURL) : undefined
  const given = typeof baseURL === 'object' ? baseURL.fallback : (baseURL ?? env.KERNIA_BASE_URL ?? env.BETTER_AUTH_URL)
  if (!given && !hosts && isProduction)
    throw new Error('init: set `baseURL` or KERNIA_BASE_URL; it is required in production')
  const url = URL.canParse(given ?? '') ? new URL(given as string) : undefined
  if (given && !/^https?:$/.test(url?.protocol ?? '')) {
    throw new Error(`init: baseURL${hosts ? '.fallback' : ''} "${given}" is not an http(s) address`)
  }
  const path = url && url.pathname !== '/' ? url.pathname : (basePath ?? '/api/auth')
  if (!path.startsWith('/')) throw new Error(`init: basePath "${path}" must start with "/"`)
  const origin = url?.origin ?? (hosts ? '' : 'http://localhost:3000')
  return { origin, basePath: path.replace(/\/+$/, ''), hosts }
}

function allowedHosts({ allowedHosts: given, protocol = 'auto' }: DynamicBaseURL): AllowedHosts {
  if (!given?.length) throw new Error('init: baseURL.allowedHosts names no host')
  if (!['http', 'https', 'auto'].includes(protocol)) throw new Error(`init: baseURL.protocol "${protocol}" is unknown`)
  const patterns = given.map(host => host.replace(/^https?:\/\//, '').split('/')[0] ?? '')
  // Links in mails lead to the host that the request names; whoever may name any could have them lead to himself.
  const open = patterns.find(host => !/[^*?.:]/.test(host))
  if (open !== undefined) throw new Error(`init: baseURL.allowedHosts: "${open}" allows every host`)
  return Object.freeze({ patterns: Object.freeze(patterns), protocol })
}
