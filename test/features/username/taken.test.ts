import { expect, it } from 'vitest'
import { username } from '../../../routers/username/index.ts'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

describeEveryInstance('one username for many', (start, engine) => {
  const at = (index: number) => ({ ...ann, email: `u${index}@example.com` })

  it('is one user’s, of 20 sign-ups at once', async () => {
    const { visit, rows } = await start({ plugins: [username()] })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        visit().post('/sign-up/email', { ...at(index), username: index % 2 ? 'Anna' : 'ANNA' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status !== 200)
    for (const { status, body } of refused) expect([status, body.code]).toEqual([400, 'USERNAME_IS_ALREADY_TAKEN'])
    expect(await rows('user')).toMatchObject([{ username: 'anna' }])
    expect([(await rows('account')).length, (await rows('session')).length]).toEqual([1, 1])
  })

  it('is one user’s, of 10 who want it for theirs at once', async () => {
    const { visit, rows } = await start({ plugins: [username()] })
    const visitors = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const visitor = visit()
        await visitor.post('/sign-up/email', at(index))
        return visitor
      }),
    )
    const answers = await Promise.all(visitors.map(visitor => visitor.post('/update-user', { username: 'Anna' })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status !== 200)
    for (const { status, body } of refused) expect([status, body.code]).toEqual([400, 'USERNAME_IS_ALREADY_TAKEN'])
    expect((await rows('user')).filter(user => user.username === 'anna')).toHaveLength(1)
  })

  it('is free again once its owner gives it up, and users without one are many', async () => {
    const { visit, rows } = await start({ plugins: [username()] })
    const owner = visit()
    await owner.post('/sign-up/email', { ...at(1), username: 'anna' })
    await visit().post('/sign-up/email', at(2))
    await visit().post('/sign-up/email', at(3))
    expect((await owner.post('/update-user', { username: null })).status).toBe(200)
    expect((await visit().post('/sign-up/email', { ...at(4), username: 'anna' })).status).toBe(200)
    expect([engine, (await rows('user')).length]).toEqual([engine, 4])
  })
})
