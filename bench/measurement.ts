import type { Spread } from './statistics.ts'

/** What one contestant was measured at in one case. */
export interface Measurement {
  case: string
  database?: string
  contestant: string
  value: Spread
  unit: 'req/s' | 'calls/s' | 'ms' | 'us' | 'MB' | 'instantiations'
  /** Microseconds of the server's CPU time, both modes, for one request or call. */
  cpu?: Spread
  /** Milliseconds within which 99 of 100 answers came. */
  p99?: Spread
  /** The longest of 99 of 100 delays of the event loop, in milliseconds. */
  loopDelay?: Spread
}

/** Whether a larger value is the better one. */
export function isMoreBetter({ unit }: Pick<Measurement, 'unit'>): boolean {
  return unit === 'req/s' || unit === 'calls/s'
}

/** How many times better `ours` is than `other`. */
export function advantage(ours: Measurement, other: Measurement): number {
  const ratio = ours.value.median / other.value.median
  return isMoreBetter(ours) ? ratio : 1 / ratio
}
