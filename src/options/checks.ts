/** @throws when the option `name` is no positive number, or above `most` */
export function positive(name: string, value: number, most = Number.MAX_VALUE): number {
  if (!Number.isFinite(value) || value <= 0) throw new Error(`init: ${name} must be a positive number`)
  if (value > most) throw new Error(`init: ${name} must be at most ${most}`)
  return value
}

/** @throws when the option `name` is no number, or below zero */
export function notNegative(name: string, value: number): number {
  if (!Number.isFinite(value) || value < 0) throw new Error(`init: ${name} must not be negative`)
  return value
}
