/** Documents nest up to 100 levels; this leaves room for what they are nested in. */
const MAX_DEPTH = 60

/**
 * JSON as MongoDB keeps it: as a document or list, in which queries and indexes can look. Where BSON would read
 * something else into it (`$ref`, `_bsontype`), or could not hold it, it is kept as text.
 */
export function encodeJson(value: unknown): unknown {
  const text = JSON.stringify(value)
  const copy: unknown = JSON.parse(text)
  return typeof copy === 'object' && isPlain(copy, 0) ? copy : text
}

/** The JSON that `encodeJson` stored; a text that is none is what somebody else stored. */
export function decodeJson(stored: unknown): unknown {
  if (typeof stored !== 'string') return stored
  try {
    return JSON.parse(stored)
  } catch {
    return stored
  }
}

function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth > MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every(item => isPlain(item, depth + 1))
  return Object.entries(value).every(([key, item]) => isPlainKey(key) && isPlain(item, depth + 1))
}

function isPlainKey(key: string): boolean {
  return !key.startsWith('$') && !/[.\0]/.test(key) && key !== '_bsontype' && key !== '__proto__'
}
