// Sessions that requests of the same moment ask for may be read together; each request gets its own.

import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import type { Visitor } from '../../support/visitor.ts'
import { describeEveryInstance } from '../every-instance.ts'

describeEveryInstance('requests at once', start => {
  it('each get their own session, and none if theirs is over', async () => {
    const { visit } = await start()
    const signUp = async (_: unknown, index: number) => {
      const browser = visit()
      const email = `person-${index}@example.com`
      await browser.post('/sign-up/email', { ...ann, email })
      return { browser, email }
    }
    const people = await Promise.all(Array.from({ length: 12 }, signUp))

    const leaving = visit()
    await leaving.post('/sign-up/email', ann)
    const cookie = leaving.cookieHeader()
    await leaving.post('/sign-out', {})

    const emailOf = async (browser: Visitor) => (await browser.get('/get-session')).body.user?.email
    for (let round = 0; round < 4; round++) {
      const asked = [...people, ...people.toReversed()]
      const [over, ...answered] = await Promise.all([
        visit().get('/get-session', { headers: { cookie } }),
        ...asked.map(({ browser }) => emailOf(browser)),
      ])
      expect(over.text).toBe('null')
      expect(answered).toEqual(asked.map(({ email }) => email))
    }
  })
})
