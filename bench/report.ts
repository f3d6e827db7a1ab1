import { KERNIA } from './contestants.ts'
import { advantage, type Measurement } from './measurement.ts'
import type { Spread } from './statistics.ts'

/** Where and when the numbers were taken. */
export interface Machine {
  date: string
  node: string
  processors: string
  quick: boolean
}

/** The measurements of one case on one database, as they came. */
export function byCase(measurements: readonly Measurement[]): Measurement[][] {
  const groups = new Map<string, Measurement[]>()
  for (const measurement of measurements) {
    const key = titleOf(measurement)
    groups.set(key, [...(groups.get(key) ?? []), measurement])
  }
  return [...groups.values()]
}

export function printCase(group: readonly Measurement[]): void {
  console.log(`\n${group[0] ? titleOf(group[0]) : ''}`)
  for (const row of group) {
    const cells = [amountOf(row).padStart(32), cpuOf(row).padStart(12), lateOf(row).padStart(26), ratioOf(row, group)]
    console.log(`  ${row.contestant.padEnd(20)} ${cells.join('  ')}`)
  }
}

/** The part of docs/performance.md that the command writes. */
export function markdown(measurements: readonly Measurement[], machine: Machine): string {
  const lines = [
    `Measured on ${machine.date} with Node ${machine.node} on ${machine.processors}${machine.quick ? ', quick form' : ''}.`,
    '',
    '| case | | median (min-max) | CPU | 99 of 100 within | Kernia is |',
    '|---|---|---|---|---|---|',
  ]
  for (const group of byCase(measurements)) {
    for (const [index, row] of group.entries()) {
      const title = index === 0 ? titleOf(row) : ''
      const cells = [title, row.contestant, amountOf(row), cpuOf(row), lateOf(row), ratioOf(row, group)]
      lines.push(`| ${cells.join(' | ')} |`)
    }
  }
  return lines.join('\n')
}

function titleOf({ case: name, database }: Measurement): string {
  return database ? `${name} (${database})` : name
}

function amountOf({ value, unit }: Measurement): string {
  const range = value.min === value.max ? '' : ` (${short(value.min)}-${short(value.max)})`
  return `${short(value.median)}${range} ${unit}`
}

function cpuOf({ cpu }: Measurement): string {
  return cpu ? `${short(cpu.median)} us` : ''
}

function lateOf({ p99, loopDelay }: Measurement): string {
  const answers = p99 ? `${short(p99.median)} ms` : ''
  return loopDelay ? `${answers} (loop ${short(loopDelay.median)} ms)`.trim() : answers
}

/** Against the others; a growing database against its smallest. */
function ratioOf(row: Measurement, group: readonly Measurement[]): string {
  const ours = group.find(({ contestant }) => contestant === KERNIA)
  if (!ours) {
    const [first] = group
    return first && row !== first ? `${advantage(row, first).toFixed(2)} x of the smallest` : ''
  }
  return row === ours ? '' : `${advantage(ours, row).toFixed(2)} x`
}

function short(value: Spread['median']): string {
  if (value >= 100) return String(Math.round(value))
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
