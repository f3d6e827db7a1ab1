import { expect, it } from 'vitest'
import { describeEveryInstance } from '../every-instance.ts'
import { ada, startLocalProvider, withLocal } from './local-provider.ts'
import { redirection, signIn } from './signing-in.ts'

describeEveryInstance('sign-in at a provider', start => {
  it('makes a user, an account and a session, and finds them again', async () => {
    const local = await startLocalProvider()
    const { visit, rows } = await start({ plugins: [withLocal(local)] })
    const browser = visit()
    const first = await signIn(browser, local, { input: { newUserCallbackURL: '/welcome' } })
    expect(redirection(first)).toEqual([302, '/welcome'])
    const session = (await browser.get('/get-session')).body
    expect(session.user).toMatchObject({ name: 'Ada', email: ada.email, emailVerified: true })

    const again = await signIn(visit(), local, { input: { newUserCallbackURL: '/welcome' } })
    expect(redirection(again)).toEqual([302, '/home'])
    expect(await rows('user')).toHaveLength(1)
    expect(await rows('account')).toMatchObject([
      {
        providerId: 'local',
        accountId: 'ada-1',
        accessToken: 'access-0',
        refreshToken: 'refresh-0',
        scope: 'openid,email',
      },
    ])
    expect(await rows('session')).toHaveLength(2)
    expect(await rows('verification')).toEqual([])
  })
})
