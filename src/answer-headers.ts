import type { HeaderTarget } from './send-header.ts'

/** What HTTP refuses in a value (RFC 9110, 5.5), and what Node and fetch cannot write. */
const UNWRITABLE = /[^\t\x20-\x7e\x80-\xff]/

/**
 * Headers of an answer that is being made. There are a few of them, to be written once: fetch's `Headers`, which sorts and
 * looks up, costs several times as much. Names are in lower case.
 */
export class AnswerHeaders implements HeaderTarget, Iterable<[name: string, value: string]> {
  readonly #all: [name: string, value: string][]

  constructor(...all: [name: string, value: string][]) {
    this.#all = all
  }

  has(name: string): boolean {
    return this.#all.some(([other]) => other === name)
  }

  /** @throws TypeError when the value cannot be in a header */
  set(name: string, value: string): void {
    const lower = name.toLowerCase()
    const at = this.#all.findIndex(([other]) => other === lower)
    if (at < 0) this.append(lower, value)
    else this.#all[at] = [lower, writable(lower, value)]
  }

  /** @throws TypeError when the value cannot be in a header */
  append(name: string, value: string): void {
    const lower = name.toLowerCase()
    this.#all.push([lower, writable(lower, value)])
  }

  [Symbol.iterator](): ArrayIterator<[name: string, value: string]> {
    return this.#all[Symbol.iterator]()
  }
}

function writable(name: string, value: string): string {
  if (UNWRITABLE.test(value)) throw new TypeError(`the header "${name}" cannot have this value`)
  return value
}
