import { type Contestant, frameworks } from '../contestants.ts'
import type { Engine } from '../databases.ts'
import type { Measurement } from '../measurement.ts'
import { load, type Running, withServers } from '../processes.ts'
import { person } from '../servers/serve.ts'
import { collect, present, type Rounds } from '../statistics.ts'

export const SIGN_IN = 'sign-in'

/** So many hashes are computed at once, as by Kernia's default and by the pool of libuv. */
const THREADS = 4

const pureHash: Contestant = { name: 'Argon2id alone', file: 'hash.ts', settings: {} }

/** Sign-in by password beside nothing but the hash of the same cost. Better Auth's scrypt is another one. */
export function runSignIn(engine: Engine, rounds: Rounds): Promise<Measurement[]> {
  const seconds = rounds.hashingSeconds
  return withServers(
    present([...frameworks, pureHash], rounds),
    { engine, settings: { watchesLoop: true } },
    async servers => {
      const measure = (server: Running) => (server.name === pureHash.name ? hashRate(server) : signIns(server))
      const hashRate = async (server: Running) => {
        const task = { task: 'verify', argument: '', seconds, concurrency: THREADS }
        const result = await server.run(task)
        return { ...result, p99: 0, loopDelay: (await server.usage()).loopDelay }
      }
      const signIns = async (server: Running) => {
        const before = await server.usage()
        const result = await load({
          url: `${server.origin}/api/auth/sign-in/email`,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: person.email, password: person.password }),
          connections: rounds.signIns,
          amount: rounds.signIns,
          seconds: 0,
        })
        const after = await server.usage()
        if (result.failures > 0) throw new Error(`${server.name} failed ${result.failures} sign-ins`)
        const cpu = (after.cpu - before.cpu) / result.requests
        return { perSecond: result.perSecond, cpu, p99: result.p99, loopDelay: after.loopDelay }
      }
      // All of them wait for the last one, which takes long enough for few rounds.
      return (await collect(servers, { rounds: 1 }, measure)).map(({ contestant, spreads }) => ({
        case: `${SIGN_IN}, ${rounds.signIns} at once`,
        database: engine.name,
        contestant: contestant.name,
        unit: 'req/s' as const,
        value: spreads.perSecond,
        cpu: spreads.cpu,
        loopDelay: spreads.loopDelay,
        ...(contestant.name !== pureHash.name && { p99: spreads.p99 }),
      }))
    },
  )
}
