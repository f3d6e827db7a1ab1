import { kernia } from '../contestants.ts'
import type { Engine } from '../databases.ts'
import { fill } from '../growth-data.ts'
import type { Measurement } from '../measurement.ts'
import { type Running, withServers } from '../processes.ts'
import { collect, type Rounds } from '../statistics.ts'

export const GROWTH = 'growth'

const TASKS = ['get-session', 'sign-in look-up', 'list-sessions', 'admin/list-users']

/** The same calls on databases of different sizes. */
export function runGrowth(engine: Engine, rounds: Rounds, sizes: readonly number[]): Promise<Measurement[]> {
  const contestants = sizes.map(users => ({ ...kernia, name: `${users.toLocaleString('en')} users` }))
  const kept: string[] = []
  const keeping: Engine = {
    name: engine.name,
    create: async () => {
      const url = await engine.create()
      kept.push(url)
      return url
    },
  }
  const settings = { plugins: true }
  return withServers(contestants, { engine: keeping, settings }, async servers => {
    for (const [index, users] of sizes.entries()) await fill(kept[index] ?? '', users)
    const results: Measurement[] = []
    for (const task of TASKS) results.push(...(await runTask(task, servers, { engine, rounds })))
    return results
  })
}

async function runTask(
  task: string,
  servers: readonly Running[],
  { engine, rounds }: { engine: Engine; rounds: Rounds },
): Promise<Measurement[]> {
  const seen = await collect(servers, rounds, (server, seconds) =>
    server.run({ task, argument: '', seconds, concurrency: 1 }),
  )
  return seen.map(({ contestant, spreads }) => ({
    case: `${GROWTH}: ${task}`,
    database: engine.name,
    contestant: contestant.name,
    unit: 'calls/s' as const,
    value: spreads.perSecond,
    cpu: spreads.cpu,
  }))
}
