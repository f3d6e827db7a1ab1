import { AuthError, errors } from './errors.ts'

const HOSTILE_KEYS = new Set(['__proto__', 'constructor', 'prototype'])
const DEEPEST = 32

// PostgreSQL stores neither NUL nor half of a surrogate pair.
const UNSTORABLE = /\0|\p{Surrogate}/u

/**
 * Refuses objects whose keys would change other objects when merged, and text that no database takes, at any depth.
 * @throws VALIDATION_ERROR
 */
export function refuseHostileInput(value: unknown, depth = 0): void {
  if (typeof value === 'string' && UNSTORABLE.test(value)) refuse('The input contains a character that is not allowed')
  if (typeof value !== 'object' || value === null) return
  if (depth > DEEPEST) refuse('The input is nested too deeply')
  for (const [key, inner] of Object.entries(value)) {
    if (HOSTILE_KEYS.has(key)) refuse(`The key "${key}" is not allowed`)
    refuseHostileInput(key)
    refuseHostileInput(inner, depth + 1)
  }
}

function refuse(message: string): never {
  throw new AuthError(errors.VALIDATION_ERROR, { message })
}

/** Renames `remember_me` to `rememberMe` where the latter is declared and absent; everything else stays. */
export function toCamelCaseKeys(input: unknown, declared: Record<string, unknown>): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  const entries = Object.entries(input).map(([key, value]) => {
    const name = Object.keys(declared).find(candidate => candidate !== key && snakeCase(candidate) === key)
    return name && !Object.hasOwn(input, name) ? [name, value] : [key, value]
  })
  return Object.fromEntries(entries)
}

/** `callbackURL` is `callback_url`, `userId` is `user_id`. */
function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}

interface Issue {
  path?: PropertyKey[]
  message: string
}

/**
 * The message of a failed input check, in the form official clients show:
 * `[body.email] Invalid input: expected string, received undefined; [body.password] ...`.
 * @returns undefined when `thrown` is no failed input check
 */
export function validationMessage(thrown: unknown, part: 'body' | 'query'): string | undefined {
  const { code, cause } = (thrown ?? {}) as { code?: unknown; cause?: { issues?: Issue[] } }
  if (code !== 'BAD_REQUEST' || !Array.isArray(cause?.issues)) return undefined
  return cause.issues.map(({ path = [], message }) => `[${[part, ...path].join('.')}] ${message}`).join('; ')
}
