import { type CookieAttributes, serializeCookie } from './cookies.ts'

/** Browsers drop a cookie whose whole line is longer; Safari's limit is the lowest. In octets. */
const LONGEST_LINE = 4093
/** What official clients and servers write; they read any size. */
const CHUNK = 3896
/** More than this does not belong in cookies. */
const MOST_CHUNKS = 100

/** A cookie of any length. */
export interface LongCookie {
  /** Text that needs no percent-encoding, such as base64url or a JWT. */
  value: string
  /** Seconds; `undefined` makes it end with the browser's session. */
  maxAge: number | undefined
  /** It is not set when it would take more chunks than this. */
  mostChunks?: number
}

/** A cookie as it is set: the attributes are those of all its chunks. */
export interface ChunkedCookie {
  name: string
  value: string
  attributes: CookieAttributes
}

/**
 * The `Set-Cookie` lines of a value of any length: one, or as many as browsers need, named `<name>.0`, `<name>.1`, ...
 * @returns `undefined` when it would take more than `most` cookies
 * @throws when the value needs percent-encoding, which would make lengths wrong
 */
export function serializeChunked(
  { name, value, attributes }: ChunkedCookie,
  most = MOST_CHUNKS,
): [name: string, line: string][] | undefined {
  if (!/^[\w.~!*'()-]*$/.test(value)) throw new Error(`cookie ${name}: its value would be percent-encoded`)
  const line = serializeCookie(name, value, attributes)
  if (line.length <= LONGEST_LINE) return [[name, line]]
  const overhead = serializeCookie(`${name}.${MOST_CHUNKS - 1}`, '', attributes).length
  const size = Math.min(CHUNK, LONGEST_LINE - overhead)
  const count = size > 0 ? Math.ceil(value.length / size) : Number.POSITIVE_INFINITY
  if (count > most) return undefined
  return Array.from({ length: count }, (_, index) => {
    const chunk = `${name}.${index}`
    return [chunk, serializeCookie(chunk, value.slice(index * size, (index + 1) * size), attributes)]
  })
}

/**
 * The value that a client sent back, put together again; `undefined` when there is none or a chunk is missing.
 * An unchunked cookie goes before chunks, which are then left over from an earlier value.
 */
export function readChunked(cookies: ReadonlyMap<string, string>, name: string): string | undefined {
  const whole = cookies.get(name)
  if (whole) return whole
  const indexes = chunkIndexes(cookies, name)
  if (indexes.length === 0 || indexes.some((index, position) => index !== position)) return undefined
  return indexes.map(index => cookies.get(`${name}.${index}`)).join('')
}

/** The names under which the client holds the cookie or chunks of it. */
export function chunkNames(cookies: ReadonlyMap<string, string>, name: string): string[] {
  const chunks = chunkIndexes(cookies, name).map(index => `${name}.${index}`)
  return cookies.has(name) ? [name, ...chunks] : chunks
}

/** Whether `other` is the cookie `name` or a chunk of it. */
export function isChunkOf(name: string, other: string): boolean {
  return other === name || (other.startsWith(`${name}.`) && /^(0|[1-9]\d?)$/.test(other.slice(name.length + 1)))
}

function chunkIndexes(cookies: ReadonlyMap<string, string>, name: string): number[] {
  const names = [...cookies.keys()].filter(other => other !== name && isChunkOf(name, other))
  return names.map(other => Number(other.slice(name.length + 1))).sort((a, b) => a - b)
}
