import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { judge, parseAccepted } from './accepted.ts'
import { type Comparison, compareRuns } from './compare.ts'
import { createCoverage } from './coverage.ts'
import { printReport } from './report.ts'
import { runPair } from './run.ts'
import { scenarios } from './scenarios/index.ts'
import { selfTest } from './self-test.ts'
import { startOfficial, startOurs } from './servers.ts'

const usage = `node test/wire/main.ts [options]
  --official-only     compare the official server with itself: there must be no difference
  --self-test         put faults into an official server: each of them must be noticed
  --only <name>       run the scenarios whose name starts so; unused rows of the table are not reported then
  --show <step>       print what was recorded for the steps whose id starts so`

const { values: options } = parseArgs({
  options: {
    'official-only': { type: 'boolean', default: false },
    'self-test': { type: 'boolean', default: false },
    only: { type: 'string' },
    show: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

// The official server writes every unexpected exception to the console, and some steps provoke one.
const writeError = console.error
console.error = (...values: unknown[]) => {
  if (!/# SERVER_ERROR|\[Better Auth\]/.test(String(values[0]))) writeError(...values)
}

async function check(): Promise<boolean> {
  const total: Comparison = { compared: [], notRun: [], differences: [] }
  const failures: string[] = []
  const coverage = createCoverage()
  const pending: string[] = []
  for (const scenario of scenarios.filter(({ name }) => name.startsWith(options.only ?? ''))) {
    if (scenario.pending && !options['official-only']) {
      pending.push(`${scenario.name}: needs ${scenario.pending}`)
      continue
    }
    const second = options['official-only'] ? startOfficial : startOurs
    const [official, ours] = await runPair(scenario, { official: startOfficial, ours: second, coverage })
    if (official.failure) failures.push(`${scenario.name} (official): ${official.failure}`)
    if (ours.failure) failures.push(`${scenario.name} (ours): ${ours.failure}`)
    const found = compareRuns(official.records, ours.records)
    for (const key of ['compared', 'notRun'] as const) total[key].push(...found[key])
    total.differences.push(...found.differences)
    console.log(`${scenario.name}: ${found.compared.length} steps, ${found.differences.length} differences`)
    if (options.show !== undefined) show(options.show, official.records, ours.records)
  }
  const rows = options['official-only'] ? [] : await readAccepted()
  const verdict = judge(total.differences, rows)
  if (options.only !== undefined) verdict.stale = []
  const untold = options.only === undefined ? coverage.missing() : []
  return printReport({ comparison: total, verdict, failures, pending, untold }, rows)
}

function show(prefix: string, official: Map<string, unknown>, ours: Map<string, unknown>): void {
  for (const [step, record] of official) {
    if (!step.startsWith(prefix)) continue
    console.log(`${step}\n  official  ${JSON.stringify(record)}\n  ours      ${JSON.stringify(ours.get(step))}`)
  }
}

async function readAccepted() {
  return parseAccepted(await readFile(new URL('../../docs/compatibility.md', import.meta.url), 'utf8'))
}

if (options.help) console.log(usage)
else {
  const good = await (options['self-test'] ? selfTest() : check())
  // A server that does not let go of its timers must not keep the check alive.
  process.exit(good ? 0 : 1)
}
