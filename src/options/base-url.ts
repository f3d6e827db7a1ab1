export interface BaseURLOptions {
  /** Public address, with or without the path. Default `KERNIA_BASE_URL`; required in production. */
  baseURL?: string
  /** Where the routes are mounted. Default `/api/auth`. */
  basePath?: string
}

/** @throws when it is missing in production, or no http(s) address */
export function resolveBaseURL({ baseURL, basePath }: BaseURLOptions, env: NodeJS.ProcessEnv, isProduction: boolean) {
  const given = baseURL ?? env.KERNIA_BASE_URL ?? env.BETTER_AUTH_URL
  if (!given && isProduction) throw new Error('init: set `baseURL` or KERNIA_BASE_URL; it is required in production')
  const url = URL.canParse(given ?? '') ? new URL(given as string) : undefined
  if (given && !/^https?:$/.test(url?.protocol ?? ''))
    throw new Error(`init: baseURL "${given}" is not an http(s) address`)
  const path = url && url.pathname !== '/' ? url.pathname : (basePath ?? '/api/auth')
  if (!path.startsWith('/')) throw new Error(`init: basePath "${path}" must start with "/"`)
  return { origin: url?.origin ?? 'http://localhost:3000', basePath: path.replace(/\/+$/, '') }
}
