/** Response headers, as fetch's `Headers` and Node's responses both have them. */
export interface HeaderTarget {
  append(name: string, value: string): unknown
  set(name: string, value: string): unknown
}

// A second value beside the first would make these unreadable; the calls of a batch may each send one.
const SINGLE = new Set(['retry-after', 'x-retry-after', 'ratelimit', 'ratelimit-policy', 'location', 'content-type'])

// `set-auth-token` and its like carry one value; only cookies come in several.
const SETS_ONE = /^set-(?!cookie$)/

/** Adds a header to a response: beside the earlier ones of its name, or in place of the one that there may be. */
export function sendHeaderTo(target: HeaderTarget): (name: string, value: string) => void {
  return (name, value) => {
    const lower = name.toLowerCase()
    if (SINGLE.has(lower) || SETS_ONE.test(lower)) target.set(name, value)
    else target.append(name, value)
  }
}
