import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

function createCounted() {
  let hashed = 0
  const password = {
    hash: async (text: string) => `${++hashed}:${text}`,
    verify: async (given: { password: string; hash: string }) => {
      hashed++
      return given.hash.endsWith(`:${given.password}`)
    },
  }
  const { auth } = createTestAuth({ emailAndPassword: { password } })
  return { visitor: visit(auth), hashes: () => hashed }
}

describe('a password beyond the maximum [control 2]', () => {
  it('is refused before it is hashed', async () => {
    const { visitor, hashes } = createCounted()
    await visitor.post('/sign-up/email', ann)
    const before = hashes()
    for (const password of [
      'x'.repeat(129),
      '😀'.repeat(65),
      'x'.repeat(4096),
      'x'.repeat(5000),
      'x'.repeat(500_000),
    ]) {
      const answers = [
        await visitor.post('/sign-up/email', { ...ann, email: 'new@example.com', password }),
        await visitor.post('/sign-in/email', { email: ann.email, password }),
        await visitor.post('/sign-in/email', { email: 'nobody@example.com', password }),
        await visitor.post('/verify-password', { password }),
        await visitor.post('/change-password', { currentPassword: password, newPassword: ann.password }),
        await visitor.post('/change-password', { currentPassword: ann.password, newPassword: password }),
        await visitor.post('/reset-password', { newPassword: password, token: 'x' }),
      ]
      for (const { status } of answers) expect([400, 401]).toContain(status)
    }
    expect(hashes()).toBe(before)
  })

  it('is refused with its unknown link before anything is hashed', async () => {
    const { visitor, hashes } = createCounted()
    for (let i = 0; i < 20; i++)
      await visitor.post('/reset-password', { newPassword: 'a new password', token: `guess ${i}` })
    expect(hashes()).toBe(0)
  })
})

describe('a password in another spelling [control 3]', () => {
  it.each([
    ['NFC and NFD', 'Zoë Ångström'.normalize('NFC'), 'Zoë Ångström'.normalize('NFD')],
    ['NFD and NFC', '가나다라마바사아'.normalize('NFD'), '가나다라마바사아'.normalize('NFC')],
    ['full width and ASCII', 'ｐａｓｓｗｏｒｄ１', 'password1'],
    ['a ligature and its letters', 'ﬁnancial oﬃce', 'financial office'],
  ])('%s: signs in', async (_title, chosen, typed) => {
    const { auth } = createTestAuth()
    await visit(auth).post('/sign-up/email', { ...ann, password: chosen })
    expect((await visit(auth).post('/sign-in/email', { email: ann.email, password: typed })).status).toBe(200)
  })
})

describe('the stored hash [control 6]', () => {
  it('is Argon2id with at least 19 MiB, two passes and a salt of its own, by default', async () => {
    const { auth } = createTestAuth({ emailAndPassword: { password: {} } })
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', ann)
    await visitor.post('/sign-up/email', { ...ann, email: 'b@example.com' })
    const accounts = await auth.context.adapter.findMany({ model: 'account', where: [] })
    const hashes = accounts.map(({ password }) => String(password))
    for (const hash of hashes) {
      const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(hash) ?? []
      expect(Number(memory)).toBeGreaterThanOrEqual(19 * 1024)
      expect(Number(passes)).toBeGreaterThanOrEqual(2)
    }
    expect(new Set(hashes).size).toBe(2)
  })
})

describe('many passwords to hash at once [control 7]', () => {
  const argon2 = { memoryCost: 4096, timeCost: 2, parallelism: 1 }
  const createSite = async (password: { concurrency?: number; maxQueue?: number; argon2?: object }) => {
    const { auth } = createTestAuth({ emailAndPassword: { password: { argon2, ...password } } })
    await visit(auth).post('/sign-up/email', ann)
    return { auth, signIn: () => visit(auth).post('/sign-in/email', ann) }
  }
  const atOnce = <T>(count: number, run: () => Promise<T>) => Promise.all(Array.from({ length: count }, run))

  it('do not hold up the thread that answers requests', async () => {
    const { signIn } = await createSite({ concurrency: 2, maxQueue: 200 })
    const delay = monitorEventLoopDelay({ resolution: 2 })
    delay.enable()
    const statuses = (await atOnce(200, signIn)).map(({ status }) => status)
    delay.disable()
    expect(new Set(statuses)).toEqual(new Set([200]))
    // In milliseconds. On the same thread the 200 hashes would be one delay of seconds.
    expect(delay.percentile(99) / 1e6).toBeLessThan(100)
  })

  it('wait in a queue of so many, and beyond it are refused at once, to come back in a moment', async () => {
    const { signIn } = await createSite({ concurrency: 2, maxQueue: 10 })
    const answers = await atOnce(40, signIn)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(12)
    const busy = answers.filter(({ status }) => status === 503)
    expect(busy).toHaveLength(28)
    for (const { body, headers } of busy) {
      expect(body).toEqual({ code: 'SERVICE_BUSY', message: expect.any(String) })
      expect(headers.get('retry-after')).toBe('1')
    }
    expect((await signIn()).status).toBe(200)
  })

  it('are refused alike by tRPC and by every procedure that hashes', async () => {
    const dear = { memoryCost: 65_536, timeCost: 6, parallelism: 1 }
    const { auth, signIn } = await createSite({ concurrency: 1, maxQueue: 1, argon2: dear })
    const visitor = visit(auth)
    await visitor.post('/sign-in/email', ann)
    const filling = atOnce(8, signIn)
    await new Promise(resolve => setTimeout(resolve, 20))
    const answers = await Promise.all([
      visitor.post('/sign-up/email', { ...ann, email: 'new@example.com' }),
      visitor.post('/verify-password', { password: ann.password }),
      visitor.post('/change-password', { currentPassword: ann.password, newPassword: 'a new password' }),
      visitor.post('/trpc/signIn.email', { email: 'nobody@example.com', password: ann.password }),
    ])
    for (const { status, text, headers } of answers) {
      expect([status, headers.get('retry-after')]).toEqual([503, '1'])
      expect(text).toContain('SERVICE_BUSY')
    }
    await filling
  })

  it('may be 128 in the queue by default', async () => {
    const { signIn } = await createSite({})
    const statuses = (await atOnce(140, signIn)).map(({ status }) => status)
    expect(statuses.filter(status => status === 503)).toHaveLength(140 - 128 - 4)
  })
})
