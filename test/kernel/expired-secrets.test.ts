import { expect, it } from 'vitest'
import { describeEveryInstance } from '../features/every-instance.ts'
import { ann } from '../support/test-auth.ts'

describeEveryInstance('single-use secrets that have expired', start => {
  const askTwice = async (options: Parameters<typeof start>[0] = {}) => {
    const { auth, visit, clock, rows } = await start(options)
    await visit().post('/sign-up/email', ann)
    const ask = async () => {
      const before = (await rows('verification')).length
      await visit().post('/request-password-reset', { email: ann.email })
      await expect
        .poll(async () => (await rows('verification')).some(row => (row.createdAt as Date) >= clock.now()))
        .toBe(true)
      return before
    }
    await ask()
    clock.advance(3601)
    await ask()
    return { auth, rows }
  }

  it('are deleted when the next one is made', async () => {
    const { rows } = await askTwice()
    await expect.poll(async () => (await rows('verification')).length).toBe(1)
  })

  it('are kept where the application wants it', async () => {
    const { rows } = await askTwice({ verification: { disableCleanup: true } })
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(await rows('verification')).toHaveLength(2)
  })
})
