import type { AuthContext } from '../context.ts'

/** Where a browser ends up that comes back from a provider and belongs to no sign-in we know. */
export function defaultErrorURL({ kernel, baseURL }: AuthContext): string {
  return kernel.options.onAPIError?.errorURL || `${baseURL}/error`
}

/** `url` with more in its query, before its fragment. */
export function addQuery(url: string, query: Record<string, string>): string {
  const [address = '', ...fragment] = url.split('#')
  // The one character that it leaves as it is and that a path of this site may not have.
  const more = new URLSearchParams(query).toString().replaceAll('*', '%2A')
  const joined = `${address}${address.includes('?') ? '&' : '?'}${more}`
  return [joined, ...fragment].join('#')
}
