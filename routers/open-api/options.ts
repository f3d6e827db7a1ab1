/** A look of the reference page; the names are Scalar's. */
export type ReferenceTheme =
  | 'alternate'
  | 'default'
  | 'moon'
  | 'purple'
  | 'solarized'
  | 'bluePlanet'
  | 'saturn'
  | 'kepler'
  | 'mars'
  | 'deepSpace'
  | 'laserwave'
  | 'none'

/** What `openAPI` takes; the names are Better Auth's. */
export interface OpenAPIOptions {
  /** Where the reference page is, under the base path. Default `/reference`. */
  path?: string
  /** There is no reference page. Default false. */
  disableDefaultReference?: boolean
  /** Default `default`. */
  theme?: ReferenceTheme
  /**
   * Put on the page's scripts, for a Content-Security-Policy that a server in front of this one adds. The page's own policy
   * needs none: it has no inline scripts.
   */
  nonce?: string
}

/** A path as pages have it. */
export type PagePath = `/${string}`

/** @throws when the path is none, or the nonce is not base64 (https://www.w3.org/TR/CSP3/#grammardef-nonce-source) */
export function resolveOpenAPI({ path = '/reference', nonce, ...options }: OpenAPIOptions) {
  if (!isPath(path)) throw new Error('openAPI: path must begin with a slash and have no parameters')
  if (nonce !== undefined && !/^[\w+/-]+={0,2}$/.test(nonce)) throw new Error('openAPI: nonce must be base64')
  return { ...options, path, nonce }
}

function isPath(path: string): path is PagePath {
  return /^(\/[\w.~-]+)+$/.test(path)
}
