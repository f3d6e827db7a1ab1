import { describe, expect, it } from 'vitest'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

// The full measurement takes a minute and a quiet machine: TIMING_TRIALS=1000.
const trials = Number(process.env.TIMING_TRIALS ?? 60)
// Dear enough that the hash outweighs everything else, as it does in production.
const argon2 = { memoryCost: 8192, timeCost: 2, parallelism: 1 }

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Median milliseconds of each way, measured in turns so that a busy machine slows all of them alike. */
async function measure(ways: Record<string, () => Promise<unknown>>): Promise<Record<string, number>> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map(name => [name, []]))
  for (let trial = -5; trial < trials; trial++) {
    for (const [name, run] of Object.entries(ways)) {
      const start = performance.now()
      await run()
      if (trial >= 0) times[name]?.push(performance.now() - start)
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))
}

/** The difference in per cent of the slower one. */
const difference = (one = 0, two = 0) => (Math.abs(one - two) / Math.max(one, two)) * 100

async function createSite(emailAndPassword: object = {}) {
  const { auth } = createTestAuth({ emailAndPassword: { password: { argon2 }, ...emailAndPassword } })
  const visitor = visit(auth)
  await visitor.post('/sign-up/email', ann)
  const anonymous = visit(auth)
  return { auth, post: (path: string, body: object) => anonymous.post(path, body) }
}

describe('the time of an answer', { timeout: 600_000 }, () => {
  it('does not tell an unknown address from a wrong password [control 8]', async () => {
    const { auth, post } = await createSite()
    await auth.context.adapter.create({
      model: 'user',
      data: {
        id: 'none',
        name: 'None',
        email: 'no-password@example.com',
        emailVerified: true,
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    })
    const password = 'a wrong password'
    const times = await measure({
      wrong: () => post('/sign-in/email', { email: ann.email, password }),
      unknown: () => post('/sign-in/email', { email: 'nobody@example.com', password }),
      without: () => post('/sign-in/email', { email: 'no-password@example.com', password }),
    })
    // A hash that is left out would be a difference of more than 90 %.
    expect(times.wrong).toBeGreaterThan(2)
    expect(difference(times.wrong, times.unknown)).toBeLessThan(trials >= 1000 ? 5 : 20)
    expect(difference(times.wrong, times.without)).toBeLessThan(trials >= 1000 ? 5 : 20)
  })

  it('does not tell a taken address from a new one where sign-up does not sign in [control 9]', async () => {
    const { post } = await createSite({ autoSignIn: false })
    let count = 0
    const times = await measure({
      taken: () => post('/sign-up/email', ann),
      fresh: () => post('/sign-up/email', { ...ann, email: `new${count++}@example.com` }),
    })
    expect(times.taken).toBeGreaterThan(2)
    expect(difference(times.taken, times.fresh)).toBeLessThan(20)
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
