import { type Contestant, load, startContestant } from './processes.ts'
import { type Spread, spread } from './statistics.ts'

/** What is asked of each server, over and over. */
export interface HttpCase {
  name: string
  path: string
  /** Cookie to send, from that of a signed-in browser. */
  cookie?(signedIn: string): string
  settings?: object
  /** Bare routes that answer nothing of the kind stay out. */
  isFrameworkOnly?: boolean
}

export const httpCases: readonly HttpCase[] = [
  { name: 'get-session, signed in', path: '/api/auth/get-session', cookie: all => all },
  { name: 'get-session, anonymous', path: '/api/auth/get-session' },
  {
    name: 'get-session, bad cookie',
    path: '/api/auth/get-session',
    cookie: all => all.replace(/(session_token=.)./, '$1~'),
  },
  {
    name: 'get-session, cookie cache',
    path: '/api/auth/get-session',
    cookie: all => all,
    settings: { cookieCache: true },
    isFrameworkOnly: true,
  },
  { name: 'protected Express route', path: '/me', cookie: all => all },
]

export interface Row {
  case: string
  database: string
  contestant: string
  perSecond: Spread
  /** Microseconds of the server's CPU time for one request. */
  cpu: Spread
  p99: Spread
}

export interface Rounds {
  rounds: number
  seconds: number
  connections: number
}

const CONTESTANTS = [
  { name: 'Kernia', file: 'kernia.ts', settings: {} },
  { name: 'Better Auth 1.6.11', file: 'better-auth.ts', settings: { version: '1.6' } },
  { name: 'Better Auth 1.7.7', file: 'better-auth.ts', settings: { version: '1.7' } },
  { name: 'bare Express', file: 'bare.ts', settings: { front: 'express' } },
  { name: 'bare node:http', file: 'bare.ts', settings: { front: 'node' } },
]

/** Runs one case against all servers, in interleaved rounds; the first round warms up and is not counted. */
export async function runHttpCase(
  test: HttpCase,
  database: { name: string; create(): Promise<string> },
  { rounds, seconds, connections }: Rounds,
): Promise<Row[]> {
  const chosen = CONTESTANTS.filter(
    ({ file }) => !(file === 'bare.ts' && (test.isFrameworkOnly || test.path === '/none')),
  )
  const servers: Contestant[] = []
  try {
    for (const { name, file, settings } of chosen) {
      const url = await database.create()
      servers.push(await startContestant(name, file, { ...settings, ...test.settings, database: url }))
    }
    const seen = new Map(servers.map(server => [server, [] as { perSecond: number; cpu: number; p99: number }[]]))
    for (let round = 0; round <= rounds; round++) {
      for (const server of servers) {
        const cookie = test.cookie?.(server.cookie)
        const before = await server.usage()
        const result = await load({
          url: server.origin + test.path,
          headers: { ...(cookie && { cookie }) },
          connections,
          seconds,
        })
        const after = await server.usage()
        if (result.failures > 0 && !test.name.includes('bad')) {
          throw new Error(`${server.name} failed ${result.failures} of ${result.requests} requests`)
        }
        if (round === 0) continue
        const cpu = (after.cpu - before.cpu) / result.requests
        seen.get(server)?.push({ perSecond: result.perSecond, cpu, p99: result.p99 })
      }
    }
    return [...seen].map(([server, results]) => ({
      case: test.name,
      database: database.name,
      contestant: server.name,
      perSecond: spread(results.map(({ perSecond }) => perSecond)),
      cpu: spread(results.map(({ cpu }) => cpu)),
      p99: spread(results.map(({ p99 }) => p99)),
    }))
  } finally {
    for (const server of servers) server.stop()
  }
}
