import type { HeaderTarget } from './send-header.ts'

/** What HTTP refuses in a value (RFC 9110, 5.5), and what Node and fetch cannot write. */
const UNWRITABLE = /[^\t\x20-\x7e\x80-\xff]/

/**
 * Headers of an answer that is being made. There are a few of them, to be written once: fetch's `Headers`, which sorts and
 * looks up, costs several times as much. As there, names are in lower case, and several values of a name are one with
 * commas (RFC 9110, 5.3), but for cookies.
 */
export class AnswerHeaders implements HeaderTarget, Iterable<[name: string, value: string]> {
  readonly #all: [name: string, value: string][]

  /** @param all names in lower case, each of them once */
  constructor(...all: [name: string, value: string][]) {
    this.#all = all
  }

  has(name: string): boolean {
    return this.#find(name.toLowerCase()) !== undefined
  }

  /** @throws TypeError when the value cannot be in a header */
  set(name: string, value: string): void {
    const lower = name.toLowerCase()
    const known = this.#find(lower)
    if (known) known[1] = writable(lower, value)
    else this.#all.push([lower, writable(lower, value)])
  }

  /** @throws TypeError when the value cannot be in a header */
  append(name: string, value: string): void {
    const lower = name.toLowerCase()
    const known = lower === 'set-cookie' ? undefined : this.#find(lower)
    if (known) known[1] += `, ${writable(lower, value)}`
    else this.#all.push([lower, writable(lower, value)])
  }

  [Symbol.iterator](): ArrayIterator<[name: string, value: string]> {
    return this.#all[Symbol.iterator]()
  }

  #find(lower: string): [name: string, value: string] | undefined {
    return this.#all.find(([name]) => name === lower)
  }
}

function writable(name: string, value: string): string {
  if (UNWRITABLE.test(value)) throw new TypeError(`the header "${name}" cannot have this value`)
  return value
}
