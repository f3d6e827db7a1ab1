import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const badge = { type: 'string', required: false, input: true, unique: true } as const

describeEveryInstance('a value that must be unique', start => {
  const open = () => start({ user: { additionalFields: { badge } } })

  it('is refused when somebody has it, at sign-up and at an update, and nothing is written', async () => {
    const { visit, rows } = await open()
    await visit().post('/sign-up/email', { ...ann, badge: '007' })
    const bob = visit()
    const taken = await bob.post('/sign-up/email', { ...ann, email: 'bob@example.com', badge: '007' })
    expect([taken.status, taken.body.code]).toEqual([409, 'FIELD_VALUE_TAKEN'])
    expect(await rows('user')).toHaveLength(1)

    expect((await bob.post('/sign-up/email', { ...ann, email: 'bob@example.com', badge: '008' })).status).toBe(200)
    const changed = await bob.post('/update-user', { badge: '007' })
    expect([changed.status, changed.body.code]).toEqual([409, 'FIELD_VALUE_TAKEN'])
    expect((await bob.get('/get-session')).body.user?.badge).toBe('008')
  })
})
