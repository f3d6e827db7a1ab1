import { describe, expect, it } from 'vitest'
import { ann, createClock, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

const trials = Number(process.env.TIMING_TRIALS ?? 60)
// Dear enough that the hash outweighs everything else, as it does in production.
const argon2 = { memoryCost: 8192, timeCost: 2, parallelism: 1 }

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Median milliseconds of each way, measured in turns so that a busy machine slows all of them alike. */
async function measure(ways: Record<string, () => Promise<unknown>>, count = trials): Promise<Record<string, number>> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map(name => [name, []]))
  for (let trial = -5; trial < count; trial++) {
    // Now this one first and now that one: what comes after a hash finds the caches otherwise.
    const order = trial % 2 ? Object.entries(ways) : Object.entries(ways).reverse()
    for (const [name, run] of order) {
      const start = performance.now()
      await run()
      if (trial >= 0) times[name]?.push(performance.now() - start)
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))
}

/** Beyond any maximum: refused without a hash, which shows how much of the time the hash is. */
const unhashed = 'x'.repeat(1000)

/**
 * The two ways take the same time, as far as a busy machine lets it be measured: they differ by far less than each does
 * from a way that leaves the hash out.
 */
function expectAlike(times: Record<string, number>, [one, two]: [string, string]): void {
  const hash = Math.max(times[one] ?? 0, times[two] ?? 0) - (times.unhashed ?? 0)
  expect(hash).toBeGreaterThan(0)
  expect(Math.abs((times[one] ?? 0) - (times[two] ?? 0)) / hash).toBeLessThan(0.35)
}

async function createSite(emailAndPassword: object = {}) {
  const { auth } = createTestAuth({ emailAndPassword: { password: { argon2 }, ...emailAndPassword } })
  const visitor = visit(auth)
  await visitor.post('/sign-up/email', ann)
  const anonymous = visit(auth)
  return { auth, post: (path: string, body: object) => anonymous.post(path, body) }
}

describe('the time of an answer', { timeout: 600_000 }, () => {
  it('does not tell an unknown address from a wrong password, in 1,000 trials [control 8]', async () => {
    // Cheap, so that there can be many: whatever else differs weighs more than it would in production.
    const { post } = await createSite({ password: { argon2: { memoryCost: 2048, timeCost: 1, parallelism: 1 } } })
    const password = 'a wrong password'
    const times = await measure(
      {
        wrong: () => post('/sign-in/email', { email: ann.email, password }),
        unknown: () => post('/sign-in/email', { email: 'nobody@example.com', password }),
        unhashed: () => post('/sign-in/email', { email: ann.email, password: unhashed }),
      },
      1000,
    )
    expectAlike(times, ['wrong', 'unknown'])
  })

  it('does not tell it where attempts are counted by account either, nor once they are slowed down', async () => {
    const clock = createClock()
    const { auth } = createTestAuth({
      rateLimit: { enabled: true },
      clock: clock.now,
      emailAndPassword: { password: { argon2 } },
    })
    await visit(auth).post('/sign-up/email', ann)
    let address = 0
    const attempt =
      (email: string, password = 'a wrong password') =>
      () => {
        const socketAddress = `10.${address >> 16}.${(address >> 8) & 255}.${address++ & 255}`
        return visit(auth).post('/sign-in/email', { email, password }, { socketAddress })
      }
    const waiting = async (run: () => Promise<unknown>) => {
      clock.advance(70)
      return run()
    }
    const counted = await measure({
      wrong: () => waiting(attempt(ann.email)),
      unknown: () => waiting(attempt('nobody@example.com')),
      unhashed: () => waiting(attempt(ann.email, unhashed)),
    })
    expectAlike(counted, ['wrong', 'unknown'])
    const refused = await measure({ wrong: attempt(ann.email), unknown: attempt('nobody@example.com') }, 500)
    // Milliseconds: neither takes one, and a per cent of that means nothing.
    expect(Math.abs((refused.wrong ?? 0) - (refused.unknown ?? 0))).toBeLessThan(0.5)
  })

  it('does not tell an account without a password from one with another', async () => {
    const { auth, post } = await createSite()
    const now = new Date()
    const dates = { createdAt: now, updatedAt: now }
    const data = { id: 'none', name: 'None', email: 'no-password@example.com', emailVerified: true, ...dates }
    await auth.context.adapter.create({ model: 'user', data })
    const password = 'a wrong password'
    const times = await measure({
      wrong: () => post('/sign-in/email', { email: ann.email, password }),
      without: () => post('/sign-in/email', { email: data.email, password }),
      unhashed: () => post('/sign-in/email', { email: ann.email, password: unhashed }),
    })
    expectAlike(times, ['wrong', 'without'])
  })

  it('does not tell a taken address from a new one where sign-up does not sign in [control 9]', async () => {
    const { post } = await createSite({ autoSignIn: false })
    let count = 0
    const times = await measure({
      taken: () => post('/sign-up/email', ann),
      fresh: () => post('/sign-up/email', { ...ann, email: `new${count++}@example.com` }),
      unhashed: () => post('/sign-up/email', { ...ann, password: unhashed }),
    })
    expectAlike(times, ['taken', 'fresh'])
  })

  it('does not tell whether a reset link is mailed, however slow the mail server is [control 9]', async () => {
    const sendResetPassword = () => new Promise<void>(resolve => setTimeout(resolve, 200).unref())
    const { post } = await createSite({ sendResetPassword })
    const times = await measure({
      known: () => post('/request-password-reset', { email: ann.email }),
      unknown: () => post('/request-password-reset', { email: 'nobody@example.com' }),
    })
    // Both are far below a millisecond; a per cent of that means nothing.
    expect(Math.abs((times.known ?? 0) - (times.unknown ?? 0))).toBeLessThan(5)
  })
})
