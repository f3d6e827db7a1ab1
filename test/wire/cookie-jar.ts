/** What a browser would keep between two requests to one host; ignores Secure and Domain, as all runs on loopback. */
export interface CookieJar {
  header(): string | undefined
  store(setCookies: string[]): void
  get(nameEnd: string): string
  set(name: string, value: string): void
  names(): string[]
  delete(nameEnd: string): void
}

export function createCookieJar(): CookieJar {
  const cookies = new Map<string, string>()
  const find = (nameEnd: string) => [...cookies.keys()].find(name => name.endsWith(nameEnd))
  return {
    header: () => (cookies.size ? [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') : undefined),
    names: () => [...cookies.keys()],
    set: (name, value) => void cookies.set(name, value),
    delete: nameEnd => void cookies.delete(find(nameEnd) ?? nameEnd),
    get(nameEnd) {
      const name = find(nameEnd)
      if (name === undefined) throw new Error(`no cookie ${nameEnd} among ${[...cookies.keys()]}`)
      return cookies.get(name) ?? ''
    },
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
