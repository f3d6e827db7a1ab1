import { betterAuth16, type Contestant, frameworks, kernia } from '../contestants.ts'
import type { Engine } from '../databases.ts'
import type { Measurement } from '../measurement.ts'
import { type Running, withServers } from '../processes.ts'
import type { Settings } from '../servers/serve.ts'
import { collect, present, type Rounds } from '../statistics.ts'

/** A call within the server's own process, over and over. */
interface CallCase {
  name: string
  task: string
  contestants: readonly Contestant[]
  settings?: Partial<Settings>
  /** What the call is given. */
  argument?(server: Running): Promise<string> | string
}

export const callCases: readonly CallCase[] = [
  {
    name: 'get-session, within the process',
    task: 'session',
    argument: ({ cookie }) => cookie,
    contestants: frameworks,
  },
  {
    name: 'api-key verify, within the process',
    task: 'verifyApiKey',
    settings: { apiKeys: true },
    argument: async server => String((await server.post('/api/auth/api-key/create', { name: 'bench' })).key),
    contestants: [kernia, betterAuth16],
  },
  { name: 'OpenAPI document', task: 'openApi', settings: { plugins: true }, contestants: frameworks },
]

export function runCallCase(test: CallCase, engine: Engine, rounds: Rounds): Promise<Measurement[]> {
  const { contestants, settings } = test
  return withServers(present(contestants, rounds), { engine, settings }, async servers => {
    const given = new Map<Running, string>()
    for (const server of servers) given.set(server, (await test.argument?.(server)) ?? '')
    const seen = await collect(servers, rounds, (server, seconds) => {
      const argument = given.get(server) ?? ''
      return server.run({ task: test.task, argument, seconds, concurrency: 1 })
    })
    return seen.map(({ contestant, spreads }) => ({
      case: test.name,
      database: engine.name,
      contestant: contestant.name,
      unit: 'calls/s' as const,
      value: spreads.perSecond,
      cpu: spreads.cpu,
    }))
  })
}
