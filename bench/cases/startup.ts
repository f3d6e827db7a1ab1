import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { betterAuth16, betterAuth17, KERNIA } from '../contestants.ts'
import type { Measurement } from '../measurement.ts'
import { collect } from '../statistics.ts'

export const STARTUP = 'start'

const run = promisify(execFile)

const PROGRAMS = [
  { name: KERNIA, file: 'kernia.ts' },
  { name: betterAuth16.name, file: 'better-auth.ts', package: 'better-auth' },
  { name: betterAuth17.name, file: 'better-auth.ts', package: 'better-auth-1.7' },
]

/** Milliseconds that a new process needs: to import the package with six plugins, and to answer its first request as well. */
export async function runStartup(rounds: number): Promise<Measurement[]> {
  const measure = async ({ file, package: name = '' }: (typeof PROGRAMS)[number]) => {
    const program = fileURLToPath(new URL(`../startup/${file}`, import.meta.url))
    const { stdout } = await run(process.execPath, [program, name], { env: { ...process.env, NODE_ENV: 'production' } })
    return JSON.parse(stdout) as { imported: number; answered: number }
  }
  const seen = await collect(PROGRAMS, { rounds }, measure)
  const rows = (name: string, key: 'imported' | 'answered') =>
    seen.map(({ contestant, spreads }) => ({
      case: `${STARTUP}: ${name}`,
      contestant: contestant.name,
      unit: 'ms' as const,
      value: spreads[key],
    }))
  return [...rows('import with six plugins', 'imported'), ...rows('import, new tables and first request', 'answered')]
}
