/** What stands in the place of something secret. */
export const REDACTED = '[redacted]'

// Keys whose values are secret whatever they look like.
const SECRET_KEY =
  /pass(word|phrase)?$|secret|token|cookie|authorization|^otp$|backup.?codes?|api.?key|private.?key|signature|^hash$|credential|code.?verifier/i

/** What secrets look like inside a text, such as a driver's message that shows the values of a statement. */
const PATTERNS: readonly [RegExp, string][] = [
  // Addresses with credentials: `postgres://user:password@host`.
  [/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi, `$1${REDACTED}@`],
  // JSON Web Tokens and sealed values.
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g, REDACTED],
  [/\bk1\.\d+\.[\w-]+/g, REDACTED],
  // Stored password hashes.
  [/\$argon2[\w$=,+/.-]+/g, REDACTED],
  [/\b[\da-f]{32,}(?::[\da-f]{32,})?\b/gi, REDACTED],
  // A signature of a cookie, and the value before it.
  [/[\w-]+\.[A-Za-z\d+/]{43}=/g, REDACTED],
  // E-mail addresses.
  [/[^\s<>"'`(),:;=[\]{}]+@[^\s<>"'`(),:;=[\]{}]+\.[^\s<>"'`(),:;=[\]{}]+/g, '[email]'],
  // Header lines and query values that carry one.
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/([?&](?:token|code|state|secret|key|signature)=)[^&\s"']+/gi, `$1${REDACTED}`],
  // Random texts such as tokens: their beginning stays, so that one can be told from another.
  [/\b(?=[A-Za-z\d]*\d)(?=[A-Za-z\d]*[a-z])(?=[A-Za-z\d]*[A-Z])([A-Za-z\d]{4})[A-Za-z\d]{20,}\b/g, `$1…${REDACTED}`],
]

/** `text` without passwords, tokens, hashes, signatures and e-mail addresses. */
export function redactText(text: string): string {
  return PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text)
}

const DEEPEST = 6

/** A copy of `value` that may be logged: secret keys are emptied, texts redacted, errors turned into their stack. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value
  if (value instanceof Error) return redactError(value, depth)
  if (depth >= DEEPEST) return '[…]'
  if (Array.isArray(value)) return value.map(item => redact(item, depth + 1))
  const entries = value instanceof Headers || value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, SECRET_KEY.test(String(key)) && inner ? REDACTED : redact(inner, depth + 1)]),
  )
}

/** The stack as text: an error object would show its message, and whatever a driver hung onto it, as they are. */
function redactError(error: Error, depth: number): string {
  const stack = redactText(error.stack ?? `${error.name}: ${error.message}`)
  if (!error.cause || depth >= DEEPEST) return stack
  const cause = redact(error.cause, depth + 1)
  return `${stack}\n  caused by: ${typeof cause === 'string' ? cause : JSON.stringify(cause)}`
}
