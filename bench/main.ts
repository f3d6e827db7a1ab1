// `npm run bench`: Kernia beside Better Auth and the bare limit, all in one run.
// --quick: fewer cases, rounds and contestants, on SQLite, under two minutes; --only TEXT, also several: cases whose name has it; --database sqlite|postgresql;
// --json FILE: the numbers, beside those that it has of other cases; --docs: writes them into docs/performance.md.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { callCases, runCallCase } from './cases/calls.ts'
import { GROWTH, runGrowth } from './cases/growth.ts'
import { httpCases, runHttpCase } from './cases/http.ts'
import { MEMORY, runMemory } from './cases/memory.ts'
import { runSignIn, SIGN_IN } from './cases/sign-in.ts'
import { runSize, SIZE } from './cases/size.ts'
import { runStartup, STARTUP } from './cases/startup.ts'
import { runTypes, TYPES } from './cases/types.ts'
import { bareNode, betterAuth17 } from './contestants.ts'
import { type Engine, openEngines } from './databases.ts'
import type { Measurement } from './measurement.ts'
import { byCase, type Machine, markdown, printCase } from './report.ts'
import type { Rounds } from './statistics.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [''] },
    database: { type: 'string' },
    json: { type: 'string' },
    docs: { type: 'boolean', default: false },
  },
})
const { quick } = values
const rounds: Rounds = quick
  ? {
      rounds: 1,
      closeRounds: 1,
      seconds: 0.5,
      warmUpSeconds: 0.5,
      hashingSeconds: 1,
      connections: 16,
      signIns: 16,
      without: [betterAuth17.name, bareNode.name],
    }
  : {
      rounds: 5,
      closeRounds: 15,
      seconds: 1,
      warmUpSeconds: 5,
      hashingSeconds: 2.5,
      connections: 16,
      signIns: 64,
      without: [],
    }

interface Case {
  name: string
  run(): Promise<Measurement[]>
}

/** Those that are measured on every database. */
function casesOn(engine: Engine): Case[] {
  return [
    ...httpCases
      .filter(({ isBrief }) => isBrief || !quick)
      .map(test => ({ name: test.name, run: () => runHttpCase(test, engine, rounds) })),
    { name: SIGN_IN, run: () => runSignIn(engine, rounds) },
    ...callCases.map(test => ({ name: test.name, run: () => runCallCase(test, engine, rounds) })),
    { name: GROWTH, run: () => runGrowth(engine, rounds, quick ? [1000, 10_000] : [1000, 100_000, 1_000_000]) },
  ]
}

/** Those that one database is enough for. */
const others = (engine: Engine): Case[] => [
  { name: STARTUP, run: () => runStartup(rounds.rounds) },
  { name: SIZE, run: runSize },
  ...(quick ? [] : slow(engine)),
]

function slow(engine: Engine): Case[] {
  return [
    { name: TYPES, run: () => runTypes(2) },
    { name: MEMORY, run: () => runMemory(engine, [20_000, 200_000]) },
  ]
}

let measurements = earlier()
const machine: Machine = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  processors: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  quick,
}
console.log(`Node ${machine.node}, ${machine.processors}`)
const { engines, close } = await openEngines(values.database ?? (quick ? 'sqlite' : undefined))
try {
  for (const { name, run } of [...engines.flatMap(casesOn), ...engines.slice(0, 1).flatMap(others)]) {
    if (!values.only.some(text => name.includes(text))) continue
    const found = await run()
    for (const group of byCase(found)) printCase(group)
    measurements = [...measurements.filter(old => !found.some(row => isSameCase(row, old))), ...found]
    keep()
  }
} finally {
  await close()
}

/** What the file that is to be written has of cases that do not run this time. */
function earlier(): Measurement[] {
  if (!values.json || !existsSync(values.json)) return []
  return (JSON.parse(readFileSync(values.json, 'utf8')) as { measurements: Measurement[] }).measurements
}

function isSameCase(one: Measurement, other: Measurement): boolean {
  return one.case === other.case && one.database === other.database
}

/** After each case, so that a run that is broken off is not lost. */
function keep(): void {
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ ...machine, measurements }, null, 2)}\n`)
  if (values.docs) writeDocs(markdown(measurements, machine))
}

/** Between the two marks of the page is what this command found. */
function writeDocs(table: string): void {
  const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url))
  const text = readFileSync(page, 'utf8')
  writeFileSync(page, text.replace(/(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/, `$1\n${table}\n\n$2`))
}
