import type { Coverage } from './coverage.ts'
import type { StepRecord } from './record.ts'
import type { Scenario } from './scenario.ts'
import type { StartServer } from './servers.ts'
import { createSide } from './side.ts'

export interface Run {
  records: Map<string, StepRecord>
  /** Why the scenario did not reach its end. */
  failure?: string
}

/** Tells one scenario to one server. */
export async function runScenario(scenario: Scenario, start: StartServer, coverage?: Coverage): Promise<Run> {
  const records = new Map<string, StepRecord>()
  try {
    const server = await start(scenario.options)
    const side = createSide(server, coverage)
    try {
      await scenario.run(side)
    } catch (error) {
      return { records: side.records, failure: describe(error) }
    } finally {
      await server.close()
    }
    return { records: side.records }
  } catch (error) {
    return { records, failure: describe(error) }
  }
}

/** Tells one scenario to two servers at once, under the NODE_ENV it asks for. */
export async function runPair(
  scenario: Scenario,
  { official, ours, coverage }: { official: StartServer; ours: StartServer; coverage: Coverage },
): Promise<[Run, Run]> {
  const before = process.env.NODE_ENV
  setEnvironment(scenario.options.nodeEnv)
  try {
    // What the official server can answer is what there is to cover.
    return await Promise.all([runScenario(scenario, official, coverage), runScenario(scenario, ours)])
  } finally {
    setEnvironment(before)
  }
}

function setEnvironment(value: string | undefined): void {
  if (value === undefined) delete process.env.NODE_ENV
  else process.env.NODE_ENV = value
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' | ') : String(error)
}
