const SECONDS: readonly [names: RegExp, seconds: number][] = [
  [/^(s|secs?|seconds?)$/, 1],
  [/^(m|mins?|minutes?)$/, 60],
  [/^(h|hrs?|hours?)$/, 3600],
  [/^(d|days?)$/, 86_400],
  [/^(w|weeks?)$/, 7 * 86_400],
  [/^(y|yrs?|years?)$/, 365.25 * 86_400],
]

/**
 * The seconds of a span of time such as `15m`, `2 hours`, `-1 day` or `3 days ago`.
 * @throws for any other text
 */
export function spanSeconds(text: string): number {
  const [, sign, amount, unit = '', end] =
    /^([+-])? ?(\d+(?:\.\d+)?) ?([a-z]+)(?: (ago|from now))?$/i.exec(text.trim()) ?? []
  const seconds = SECONDS.find(([names]) => names.test(unit.toLowerCase()))?.[1]
  if (amount === undefined || seconds === undefined || (sign && end)) {
    throw new Error(`jwt: "${text}" is no span of time such as "15m"`)
  }
  const isBefore = sign === '-' || end?.toLowerCase() === 'ago'
  return Math.round(Number(amount) * seconds) * (isBefore ? -1 : 1)
}

/** A moment, in seconds since 1970 or as a date, or a span of time after the token's beginning. */
export type ExpirationTime = number | Date | string

/** The `exp` claim (RFC 7519, section 4.1.4) of a token that begins at `issuedAt`, in seconds since 1970. */
export function expirationOf(time: ExpirationTime, issuedAt: number): number {
  if (typeof time === 'number') return time
  return time instanceof Date ? Math.floor(time.getTime() / 1000) : issuedAt + spanSeconds(time)
}
