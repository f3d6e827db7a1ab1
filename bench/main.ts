// `npm run bench`: Kernia beside Better Auth and the bare limit, all in one run.
// --quick: fewer and shorter rounds; --only TEXT: cases whose name has it; --database sqlite|postgresql; --json FILE.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { postgresAvailable, startPostgres } from '../test/support/postgres.ts'
import { httpCases, type Rounds, type Row, runHttpCase } from './get-session.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    database: { type: 'string' },
    json: { type: 'string' },
  },
})
const rounds: Rounds = values.quick
  ? { rounds: 3, seconds: 1, connections: 16 }
  : { rounds: 7, seconds: 3, connections: 16 }

const folder = mkdtempSync(join(tmpdir(), 'kernia-bench-'))
const postgres = values.database !== 'sqlite' && postgresAvailable() ? await startPostgres() : undefined
let files = 0
const databases = [
  { name: 'sqlite', create: async () => `sqlite:${join(folder, `${++files}.db`)}` },
  ...(postgres ? [{ name: 'postgresql', create: () => postgres.createDatabase() }] : []),
].filter(({ name }) => !values.database || name === values.database)

const rows: Row[] = []
try {
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`)
  for (const database of databases) {
    for (const test of httpCases.filter(({ name }) => name.includes(values.only))) {
      const results = await runHttpCase(test, database, rounds)
      print(results)
      rows.push(...results)
    }
  }
} finally {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}
if (values.json) writeFileSync(values.json, `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`)

function print(results: readonly Row[]): void {
  const [first] = results
  console.log(`\n${first?.case} (${first?.database})`)
  const ours = results.find(({ contestant }) => contestant === 'Kernia')
  for (const { contestant, perSecond, cpu, p99 } of results) {
    const ratio = ours ? (ours.perSecond.median / perSecond.median).toFixed(2) : ''
    const range = `${Math.round(perSecond.min)}-${Math.round(perSecond.max)}`
    console.log(
      `  ${contestant.padEnd(20)} ${String(Math.round(perSecond.median)).padStart(7)}/s (${range})`.padEnd(52),
      `${cpu.median.toFixed(1).padStart(7)} us CPU  p99 ${p99.median} ms  Kernia is ${ratio} x`,
    )
  }
}
