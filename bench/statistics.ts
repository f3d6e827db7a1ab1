/** Middle, least and most of the rounds. */
export interface Spread {
  median: number
  min: number
  max: number
}

/** How often and how long each is measured. */
export interface Rounds {
  rounds: number
  /** Where contestants differ by a few per cent. */
  closeRounds: number
  seconds: number
  /** Of the first round: V8 compiles what a server does for good only after it has done it a few thousand times. */
  warmUpSeconds: number
  /** Of calls each of which hashes a password. */
  hashingSeconds: number
  connections: number
  /** Sign-ins that wait at once. */
  signIns: number
  /** Names of those that are not measured this time. */
  without: readonly string[]
}

/** Those that are measured this time. */
export function present<Contestant extends { name: string }>(
  contestants: readonly Contestant[],
  { without }: Pick<Rounds, 'without'>,
): Contestant[] {
  return contestants.filter(({ name }) => !without.includes(name))
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  const median = sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2
  return { median, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 }
}

/**
 * Measures all contestants in interleaved rounds, so that what the machine does meanwhile befalls each alike. The first
 * round warms up and is not counted.
 * @param measure one round of one contestant, which lasts so many seconds: its numbers, by name
 */
export async function collect<Contestant, Name extends string>(
  contestants: readonly Contestant[],
  { rounds, seconds = 0, warmUpSeconds = seconds }: Pick<Rounds, 'rounds'> & Partial<Rounds>,
  measure: (contestant: Contestant, seconds: number) => Promise<Record<Name, number>>,
): Promise<{ contestant: Contestant; spreads: Record<Name, Spread> }[]> {
  const seen = contestants.map(contestant => ({ contestant, results: [] as Record<Name, number>[] }))
  for (let round = 0; round <= rounds; round++) {
    for (const { contestant, results } of seen) {
      const result = await measure(contestant, round === 0 ? warmUpSeconds : seconds)
      if (round > 0) results.push(result)
    }
  }
  return seen.map(({ contestant, results }) => {
    const names = Object.keys(results[0] ?? {}) as Name[]
    const entries = names.map(name => [name, spread(results.map(result => result[name]))] as const)
    return { contestant, spreads: Object.fromEntries(entries) as Record<Name, Spread> }
  })
}
