import { expect, it } from 'vitest'
import { replacePasswordHash } from '../../../src/accounts.ts'
import type { Account } from '../../../src/index.ts'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

describeEveryInstance('the renewal of a hash', start => {
  it('leaves a password alone that was chosen since the old hash was read', async () => {
    const { auth, visit, rows } = await start()
    const browser = visit()
    await browser.post('/sign-up/email', ann)
    const [read] = (await rows('account')) as unknown as Account[]
    const newPassword = 'another long password'
    await browser.post('/change-password', { currentPassword: ann.password, newPassword })
    const [chosen] = await rows('account')
    const context = auth.createContext({ headers: {} } as Parameters<typeof auth.createContext>[0]).auth
    if (read) await replacePasswordHash(context, read, 'a new hash of the old password')
    expect((await rows('account'))[0]?.password).toBe(chosen?.password)
    expect((await visit().post('/sign-in/email', { ...ann, password: newPassword })).status).toBe(200)
  })
})
