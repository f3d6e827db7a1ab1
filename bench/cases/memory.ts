import { kernia } from '../contestants.ts'
import type { Engine } from '../databases.ts'
import type { Measurement } from '../measurement.ts'
import { load, type Running, withServers } from '../processes.ts'
import { spread } from '../statistics.ts'

export const MEMORY = 'memory'

/** Kernia's heap after many requests, each time after a collection. */
export function runMemory(engine: Engine, counts: readonly [few: number, many: number]): Promise<Measurement[]> {
  return withServers([kernia], { engine }, async servers => {
    const results: Measurement[] = []
    for (const server of servers) {
      let answered = 0
      for (const count of counts) {
        await ask(server, count - answered)
        answered = count
        const megabytes = (await server.heap()) / 2 ** 20
        const name = `${MEMORY}: heap after ${count.toLocaleString('en')} requests`
        const value = spread([megabytes])
        results.push({ case: name, database: engine.name, contestant: server.name, unit: 'MB', value })
      }
    }
    return results
  })
}

async function ask({ origin, cookie }: Running, amount: number): Promise<void> {
  const url = `${origin}/api/auth/get-session`
  await load({ url, headers: { cookie }, connections: 16, seconds: 600, amount })
}
