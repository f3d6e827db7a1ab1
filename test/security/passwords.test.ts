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

describe('many passwords to hash at once [control 7, in part]', () => {
  it('do not hold up the thread that answers requests', async () => {
    const argon2 = { memoryCost: 4096, timeCost: 2, parallelism: 1 }
    const { auth } = createTestAuth({ emailAndPassword: { password: { argon2, concurrency: 2 } } })
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', ann)
    const delays: number[] = []
    let last = performance.now()
    const timer = setInterval(() => {
      delays.push(performance.now() - last - 5)
      last = performance.now()
    }, 5)
    const attempts = Array.from({ length: 50 }, () => visit(auth).post('/sign-in/email', ann))
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    clearInterval(timer)
    expect(statuses).toEqual(Array.from({ length: 50 }, () => 200))
    const sorted = delays.sort((a, b) => a - b)
    // On the same thread the 50 hashes would be one delay of half a second.
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(50)
  })
})
