import { AuthError } from '../../src/errors.ts'
import { adminConfigErrors } from './errors.ts'
import type { ConfigValue, Json } from './sections.ts'

/** What readers see in the place of a secret, and writers leave there to keep it. */
export const REDACTED = '********'

/** A secret in a stored value: an object with this one key, which no value that is sent can have. */
const SEALED = '$sealed'

type Sealed = { [SEALED]: string }

function isSealed(value: Json | undefined): value is Sealed {
  return isObject(value) && typeof value[SEALED] === 'string'
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as its readers see it: without secrets. */
export function redacted(stored: ConfigValue): ConfigValue {
  return mapSealed(stored, () => REDACTED)
}

/** The value as it was sent. What cannot be opened any more is null. */
export function opened(stored: ConfigValue, open: (sealed: string) => string | undefined): ConfigValue {
  return mapSealed(stored, sealed => {
    const text = open(sealed)
    return text === undefined ? null : (JSON.parse(text) as Json)
  })
}

function mapSealed(stored: ConfigValue, change: (sealed: string) => Json): ConfigValue {
  const map = (value: Json): Json => {
    if (isSealed(value)) return change(value[SEALED])
    if (Array.isArray(value)) return value.map(map)
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, map(inner)]))
    return value
  }
  return map(stored) as ConfigValue
}

/**
 * A sent value as it is stored: secrets sealed, and where one is redacted, that which is stored in the same place.
 * @param isSecret whether the values under a key are secrets, at any depth
 * @throws NOTHING_BEHIND_REDACTION
 */
export function sealed(
  sent: ConfigValue,
  stored: ConfigValue,
  { isSecret, seal }: { isSecret(key: string): boolean; seal(text: string): string },
): ConfigValue {
  const inner = (value: Json, kept: Json | undefined): Json => {
    if (value === REDACTED) return keep(kept)
    if (Array.isArray(value))
      return value.map((item, index) => inner(item, Array.isArray(kept) ? kept[index] : undefined))
    if (!isObject(value)) return value
    const before = isObject(kept) ? kept : {}
    return Object.fromEntries(
      Object.entries(value)
        // Only sealing makes these: one that is sent would be opened for whoever sent it.
        .filter(([key]) => key !== SEALED)
        .map(([key, item]) => [key, isSecret(key) && hides(item) ? hide(item) : inner(item, own(before, key))]),
    )
  }
  const hide = (value: Json): Json => ({ [SEALED]: seal(JSON.stringify(value)) })
  return inner(sent, stored) as ConfigValue
}

/** An empty secret is none, and a redacted one is stored already. */
function hides(value: Json): boolean {
  return value !== REDACTED && value !== null && value !== ''
}

function keep(stored: Json | undefined): Json {
  if (!isSealed(stored)) throw new AuthError(adminConfigErrors.NOTHING_BEHIND_REDACTION)
  return stored
}

function own(value: { [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined
}
