import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

describeEveryInstance('the ids of new rows', (start, name) => {
  const signUp = async (generateId?: 'uuid' | 'serial' | (() => string)) => {
    const instance = await start({ advanced: { database: { generateId } } })
    const browser = instance.visit()
    const { body } = await browser.post('/sign-up/email', ann)
    return { ...instance, browser, id: String(body.user?.id) }
  }

  it('are 32 letters and digits', async () => {
    expect((await signUp()).id).toMatch(/^[a-zA-Z0-9]{32}$/)
  })

  it('are UUIDs that sort by time', async () => {
    const { id, visit } = await signUp('uuid')
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    await new Promise(resolve => setTimeout(resolve, 2))
    const { body } = await visit().post('/sign-up/email', { ...ann, email: 'bob@example.com' })
    expect(String(body.user?.id) > id).toBe(true)
  })

  it('are what a function gives', async () => {
    let count = 0
    expect((await signUp(() => `own-${++count}`)).id).toBe('own-1')
  })

  if (name !== 'mongodb') {
    it('are numbers that the database counts, as texts; whole flows work with them', async () => {
      const { id, browser, visit, rows } = await signUp('serial')
      expect(id).toBe('1')
      const { body } = await browser.get('/get-session')
      expect([body.session?.userId, body.session?.id]).toEqual(['1', '1'])
      const other = visit()
      const second = await other.post('/sign-up/email', { ...ann, email: 'bob@example.com' })
      expect(second.body.user?.id).toBe('2')
      await browser.post('/update-user', { name: 'Anna' })
      expect((await rows('user')).find(row => row.id === '1')?.name).toBe('Anna')
      await browser.post('/change-password', {
        currentPassword: ann.password,
        newPassword: 'another password',
        revokeOtherSessions: true,
      })
      expect((await browser.get('/get-session')).body.user?.id).toBe('1')
      expect((await rows('account')).map(row => row.userId).sort()).toEqual(['1', '2'])
    })
  }
})
