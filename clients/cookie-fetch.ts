import { CookieJar } from 'tough-cookie'

/** A `fetch` that keeps cookies between calls, as a browser does for one user. */
export function createCookieFetch({
  url,
  cookie,
  fetch: send = fetch,
}: {
  url: string
  cookie?: string
  fetch?: typeof fetch
}): typeof fetch {
  const jar = new CookieJar()
  for (const pair of cookie?.split(';') ?? []) if (pair.trim()) jar.setCookieSync(`${pair.trim()}; Path=/`, url)
  return async (input, init = {}) => {
    const address = input instanceof Request ? input.url : String(input)
    const headers = new Headers(init.headers)
    const kept = await jar.getCookieString(address)
    if (kept) headers.set('cookie', kept)
    const response = await send(input, { ...init, headers })
    for (const header of response.headers.getSetCookie()) await jar.setCookie(header, address)
    return response
  }
}
