import { bareTrpc, type Contestant, frameworks, kernia, kerniaAlone, limits } from '../contestants.ts'
import type { Engine } from '../databases.ts'
import { signInElsewhere } from '../devices.ts'
import type { Measurement } from '../measurement.ts'
import { load, type Running, withServers } from '../processes.ts'
import type { Settings } from '../servers/serve.ts'
import { collect, present, type Rounds } from '../statistics.ts'

/** What is asked of each server, over and over. */
export interface HttpCase {
  name: string
  path: string | ((server: Running) => string)
  contestants: readonly Contestant[]
  method?: 'POST'
  body?: object
  /** What is sent of the cookies of a signed-in browser. Each connection is another one's. */
  cookie?(signedIn: string): string
  /** Default those of all cases. */
  connections?: number
  settings?: Partial<Settings>
  /** Before the first request, with the session of a signed-in browser. */
  prepare?(server: Running): Promise<unknown>
  /** Two of the contestants differ by a few per cent, which takes more rounds to tell. */
  isClose?: boolean
  /** The short form has it, too. */
  isBrief?: boolean
  /** It is slow because passwords are hashed. */
  isHashing?: boolean
}

const whole = (signedIn: string) => signedIn
const SESSION = '/api/auth/get-session'
const callOf = (path: string) => (server: Running) =>
  server.name === kernia.name ? `/api/auth/trpc/${path}` : `/trpc/${path}`
const company = (server: Running) => server.post('/api/auth/organization/create', { name: 'Acme', slug: 'acme' })

export const httpCases: readonly HttpCase[] = [
  {
    name: 'get-session, signed in',
    isBrief: true,
    path: SESSION,
    cookie: whole,
    contestants: [...frameworks, ...limits],
  },
  {
    name: 'get-session, one at a time',
    path: SESSION,
    cookie: whole,
    connections: 1,
    contestants: [...frameworks, ...limits],
  },
  { name: 'get-session, anonymous', path: SESSION, contestants: [...frameworks, ...limits] },
  {
    name: 'get-session, bad cookie',
    path: SESSION,
    cookie: all => all.replace(/(session_token=.)./, '$1~'),
    contestants: [...frameworks, ...limits],
  },
  {
    name: 'get-session, cookie cache',
    path: SESSION,
    cookie: whole,
    settings: { cookieCache: true },
    contestants: frameworks,
  },
  {
    name: 'get-session, six plugins',
    isBrief: true,
    isClose: true,
    path: SESSION,
    cookie: whole,
    settings: { plugins: true },
    contestants: [...frameworks, kerniaAlone, ...limits],
  },
  {
    name: 'protected Express route',
    isBrief: true,
    path: '/me',
    cookie: whole,
    contestants: [...frameworks, ...limits],
  },
  {
    name: 'tRPC, one call',
    isBrief: true,
    path: callOf('session.get'),
    cookie: whole,
    contestants: [kernia, bareTrpc],
  },
  {
    name: 'tRPC, batch of ten',
    path: callOf(`${Array(10).fill('session.get').join()}?batch=1`),
    cookie: whole,
    contestants: [kernia, bareTrpc],
  },
  {
    name: 'sign-up',
    path: '/api/auth/sign-up/email',
    method: 'POST',
    isHashing: true,
    body: { name: 'Bo', email: 'bo-[<id>]@example.com', password: 'correct horse battery' },
    contestants: frameworks,
  },
  {
    name: 'organization/list',
    path: '/api/auth/organization/list',
    cookie: whole,
    settings: { plugins: true },
    prepare: company,
    contestants: frameworks,
  },
  {
    name: 'organization/has-permission',
    isBrief: true,
    path: '/api/auth/organization/has-permission',
    method: 'POST',
    body: { permissions: { organization: ['update'] } },
    cookie: whole,
    settings: { plugins: true },
    prepare: company,
    contestants: frameworks,
  },
]

/** Runs one case against all servers, in interleaved rounds; the first round warms up and is not counted. */
export function runHttpCase(test: HttpCase, engine: Engine, rounds: Rounds): Promise<Measurement[]> {
  const { contestants, settings, prepare } = test
  return withServers(present(contestants, rounds), { engine, settings }, async servers => {
    const cookies = new Map<Running, string[]>()
    for (const server of servers) {
      await prepare?.(server)
      cookies.set(server, await cookiesFor(test, server, rounds))
    }
    const times = test.isClose ? rounds.closeRounds : rounds.rounds
    const seen = await collect(servers, { ...rounds, rounds: times }, (server, seconds) =>
      oneRound(test, server, { ...rounds, seconds, cookies: cookies.get(server) ?? [] }),
    )
    return seen.map(({ contestant, spreads }) => ({
      case: test.name,
      database: engine.name,
      contestant: contestant.name,
      unit: 'req/s' as const,
      value: spreads.perSecond,
      cpu: spreads.cpu,
      p99: spreads.p99,
    }))
  })
}

/** What each connection sends, in turn. */
async function cookiesFor({ cookie, settings }: HttpCase, server: Running, { connections }: Rounds): Promise<string[]> {
  if (!cookie) return []
  // What is cached in a cookie is of one session alone, and asks no database that could be asked for several.
  const devices = settings?.cookieCache ? 1 : connections
  return (await signInElsewhere(server.database, server.cookie, devices)).map(cookie)
}

async function oneRound(
  test: HttpCase,
  server: Running,
  { seconds, hashingSeconds, connections, cookies }: Rounds & { cookies: readonly string[] },
) {
  const path = typeof test.path === 'string' ? test.path : test.path(server)
  const json = test.body && { 'content-type': 'application/json', origin: server.origin }
  const before = await server.usage()
  const result = await load({
    url: server.origin + path,
    method: test.method,
    headers: json,
    cookies,
    body: test.body && JSON.stringify(test.body),
    connections: test.connections ?? connections,
    seconds: test.isHashing ? hashingSeconds : seconds,
  })
  const after = await server.usage()
  if (result.failures > 0) throw new Error(`${server.name} failed ${result.failures} of ${result.requests} requests`)
  const cpu = (after.cpu - before.cpu) / result.requests
  return { perSecond: result.perSecond, cpu, p99: result.p99, loopDelay: after.loopDelay }
}
