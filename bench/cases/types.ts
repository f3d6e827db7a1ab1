import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { betterAuth16, betterAuth17, KERNIA } from '../contestants.ts'
import type { Measurement } from '../measurement.ts'
import { collect } from '../statistics.ts'

export const TYPES = 'types'

const root = fileURLToPath(new URL('../../', import.meta.url))

const CONSUMERS = [
  { name: KERNIA, file: 'kernia.ts' },
  { name: betterAuth16.name, file: 'better-auth-1.6.ts' },
  { name: betterAuth17.name, file: 'better-auth-1.7.ts' },
]

/** TypeScript 5.9 on an application that makes an instance with many plugins and calls it from a client. */
export async function runTypes(rounds: number): Promise<Measurement[]> {
  const seen = await collect(CONSUMERS, { rounds }, ({ file }) => check(`bench/consumers/${file}`))
  const rows = (name: string, key: 'milliseconds' | 'instantiations') =>
    seen.map(({ contestant, spreads }) => ({
      case: `${TYPES}: ${name}`,
      contestant: contestant.name,
      unit: key === 'milliseconds' ? ('ms' as const) : ('instantiations' as const),
      value: spreads[key],
    }))
  return [...rows('time to check an application', 'milliseconds'), ...rows('of an application', 'instantiations')]
}

async function check(file: string): Promise<{ milliseconds: number; instantiations: number }> {
  const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--skipLibCheck']
  const args = ['node_modules/typescript/bin/tsc', ...options, '--extendedDiagnostics', file]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 2 ** 26 })
  const read = (label: string) => Number(new RegExp(`${label}:\\s+([\\d.]+)`).exec(stdout)?.[1])
  return { milliseconds: read('Total time') * 1000, instantiations: read('Instantiations') }
}
