import { type AnyPlugin, type Auth, type Fields, type InitOptions, init, memoryAdapter } from '../../src/index.ts'
import { createInbox, type Inbox } from '../../src/testing/index.ts'

/** The lowest cost Argon2 takes: tests check what happens, not how long it takes. */
export const cheapArgon2 = { memoryCost: 1024, timeCost: 1, parallelism: 1 }

export const secret = 'a-secret-for-tests-a-secret-for-tests-0123456789'

/** A person to sign up with. */
export const ann = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }

/** Time that stands still until a test moves it. */
export interface Clock {
  now(): Date
  advance(seconds: number): void
}

export interface LogLine {
  message: string
  details: unknown[]
}

type None = Record<never, never>

/** An auth instance and what a test sees of its surroundings. */
export interface TestAuth<
  P extends readonly AnyPlugin[] = readonly [],
  U extends Fields = None,
  S extends Fields = None,
> {
  auth: Auth<P, U, S>
  inbox: Inbox
  clock: Clock
  /** Errors that were logged. */
  log: LogLine[]
}

export function createClock(start = '2026-01-02T03:04:05.000Z'): Clock {
  let time = Date.parse(start)
  return {
    now: () => new Date(time),
    advance: seconds => {
      time += seconds * 1000
    },
  }
}

/** An instance with e-mail and password on, in memory; `given` overrides. */
export function createTestAuth<
  const P extends readonly AnyPlugin[] = readonly [],
  const U extends Fields = None,
  const S extends Fields = None,
>(given: InitOptions<P, U, S> = {}): TestAuth<P, U, S> {
  const inbox = createInbox()
  const clock = createClock()
  const log: LogLine[] = []
  const auth = init<P, U, S>({
    baseURL: 'http://localhost:3000',
    secret,
    database: memoryAdapter(),
    clock: clock.now,
    logger: { error: (message, ...details) => void log.push({ message, details }) },
    ...given,
    emailAndPassword: {
      enabled: true,
      sendResetPassword: inbox.deliver,
      password: { argon2: cheapArgon2 },
      ...given.emailAndPassword,
    },
  })
  return { auth, inbox, clock, log }
}
