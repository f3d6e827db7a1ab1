/** What JSON of somebody else's holds: any of it may be missing or of another kind than its documents say. */
export type JsonFields = Record<string, unknown>

/** `value` if it is an object, else one without fields. */
export function fieldsOf(value: unknown): JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonFields) : {}
}

/** `value` if it is a text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A subject as text: some providers count their users. A number that JSON cannot hold exactly is nobody's. */
export function subjectOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined
  return textOf(value)
}

/** Whether a claim is true; Apple and Cognito say so in a text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}
