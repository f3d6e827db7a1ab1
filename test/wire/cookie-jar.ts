/** What a browser would keep between two requests to one host; ignores Secure and Domain, as all runs on loopback. */
export interface CookieJar {
  header(): string | undefined
  store(setCookies: string[]): void
  /** The value of the cookie whose name ends so; empty when there is none. */
  get(nameEnd: string): string
  set(name: string, value: string): void
  names(): string[]
}

export function createCookieJar(): CookieJar {
  const cookies = new Map<string, string>()
  const find = (nameEnd: string) => [...cookies.keys()].find(name => name.endsWith(nameEnd))
  return {
    header: () => (cookies.size ? [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') : undefined),
    names: () => [...cookies.keys()],
    set: (name, value) => void cookies.set(name, value),
    get: nameEnd => cookies.get(find(nameEnd) ?? '') ?? '',
    store(setCookies) {
      for (const line of setCookies) {
        const [pair = '', ...attributes] = line.split('; ')
        const at = pair.indexOf('=')
        const name = pair.slice(0, at)
        if (attributes.some(attribute => attribute.toLowerCase() === 'max-age=0')) cookies.delete(name)
        else cookies.set(name, pair.slice(at + 1))
      }
    },
  }
}
