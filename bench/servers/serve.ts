import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server is started with: its database, and the features that a case wants. */
export interface Settings {
  /** `sqlite:/path` or `postgresql://...`; an empty database. */
  database: string
  cookieCache?: boolean
  /** Better Auth's version. */
  version?: '1.6' | '1.7'
}

export const secret = 'bench-secret-bench-secret-bench-secret-0123456789'
export const person = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }

/** What a started server tells of itself, and answers when it is asked for its usage. */
export interface Started {
  origin: string
  /** Cookies of a signed-in browser. */
  cookie: string
}
export interface Usage {
  /** Microseconds of both modes since the process began. */
  cpu: number
  heap: number
}

export function settings(): Settings {
  return JSON.parse(process.argv[2] ?? '{}') as Settings
}

/**
 * Listens on loopback, signs a person up and tells the parent process.
 * @param build makes the server for its own address
 */
export async function serve(
  build: (origin: string) => Promise<{ listener: RequestListener; cookie?: string }>,
): Promise<void> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { listener, cookie } = await build(origin)
  server.on('request', listener)
  process.send?.({ origin, cookie: cookie ?? (await signUp(origin)) } satisfies Started)
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpu: user + system, heap: process.memoryUsage().heapUsed } satisfies Usage)
  })
  process.on('disconnect', () => process.exit())
}

async function signUp(origin: string): Promise<string> {
  const response = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(person),
  })
  if (!response.ok) throw new Error(`sign-up answered ${response.status}: ${await response.text()}`)
  return response.headers
    .getSetCookie()
    .map(header => header.split(';')[0])
    .join('; ')
}
