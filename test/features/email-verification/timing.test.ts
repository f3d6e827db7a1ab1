import { describe, expect, it } from 'vitest'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'

const TRIALS = 40
// Dear enough that the hash outweighs everything else, as it does in production.
const argon2 = { memoryCost: 8192, timeCost: 2, parallelism: 1 }
const ann = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Median milliseconds of two ways, measured in turns so that a busy machine slows both alike. */
async function measure(one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let trial = -5; trial < TRIALS; trial++) {
    for (const [index, run] of [one, other].entries()) {
      const start = performance.now()
      await run()
      if (trial >= 0) times[index]?.push(performance.now() - start)
    }
  }
  return [median(times[0]), median(times[1])]
}

async function createSite(options: object = {}) {
  const slowly = () => new Promise<void>(resolve => setTimeout(resolve, 200).unref())
  const { auth } = createTestAuth({
    emailVerification: { sendVerificationEmail: slowly },
    emailAndPassword: { password: { argon2 }, onExistingUserSignUp: slowly },
    user: { changeEmail: { enabled: true } },
    ...options,
  })
  const browser = visit(auth)
  await browser.post('/sign-up/email', ann)
  return { auth, browser, anonymous: visit(auth) }
}

describe('the time of an answer, however slow the mail server is [control 9]', { timeout: 120_000 }, () => {
  it('does not tell whether an address has a user that needs proof', async () => {
    const { anonymous } = await createSite()
    const ask = (email: string) => () => anonymous.post('/send-verification-email', { email })
    const [known, unknown] = await measure(ask(ann.email), ask('nobody@example.com'))
    // Both are a few milliseconds at most; a per cent of that means nothing.
    expect(Math.abs(known - unknown)).toBeLessThan(5)
  })

  it('does not tell whether an address one wants is taken', async () => {
    const { browser, anonymous } = await createSite()
    await anonymous.post('/sign-up/email', { ...ann, email: 'ben@example.com' })
    const change = (newEmail: string) => () => browser.post('/change-email', { newEmail })
    const [taken, free] = await measure(change('ben@example.com'), change('new@example.com'))
    expect(Math.abs(taken - free)).toBeLessThan(5)
  })

  it('does not tell a taken address from a new one where addresses must be proven', async () => {
    const emailAndPassword = { password: { argon2 }, requireEmailVerification: true }
    const { anonymous } = await createSite({ emailAndPassword })
    let count = 0
    const [taken, fresh] = await measure(
      () => anonymous.post('/sign-up/email', ann),
      () => anonymous.post('/sign-up/email', { ...ann, email: `new${count++}@example.com` }),
    )
    expect(taken).toBeGreaterThan(2)
    expect(Math.abs(taken - fresh) / Math.max(taken, fresh)).toBeLessThan(0.2)
  })
})
