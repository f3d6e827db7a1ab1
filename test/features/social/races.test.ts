import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { ada, startLocalProvider, withLocal } from './local-provider.ts'
import { begin, redirection, signIn } from './signing-in.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

describeEveryInstance('at the same time [A40, control 73]', start => {
  it('10 first sign-ins of one person make one user with one account', async () => {
    const local = await startLocalProvider()
    const { visit, rows } = await start({ plugins: [withLocal(local)] })
    const begun = await Promise.all(
      times(10, async () => {
        const browser = visit()
        return { browser, ...(await begin(browser, local, { input: { newUserCallbackURL: '/welcome' } })) }
      }),
    )
    const answers = await Promise.all(begun.map(({ browser, callback }) => browser.get(callback)))
    const places = answers.map(answer => redirection(answer).join(' ')).sort()
    expect(places).toEqual([...times(9, () => '302 /home'), '302 /welcome'])
    expect(await Promise.all(['user', 'account', 'session'].map(async model => (await rows(model)).length))).toEqual([
      1, 1, 10,
    ])
  })

  it('a subject whose address changes meanwhile is one user all the same', async () => {
    const local = await startLocalProvider()
    let count = 0
    const mapProfileToUser = () => ({ email: `ada${count++}@example.com` })
    const { visit, rows } = await start({ plugins: [withLocal(local, { mapProfileToUser })] })
    const answers = await Promise.all(times(5, () => signIn(visit(), local)))
    expect(answers.map(answer => redirection(answer)[1])).toEqual(times(5, () => '/home'))
    expect([(await rows('user')).length, (await rows('account')).length]).toEqual([1, 1])
  })

  it('of 10 uses of one callback one signs in', async () => {
    const local = await startLocalProvider()
    const { visit, rows } = await start({ plugins: [withLocal(local)] })
    const browser = visit()
    const { callback } = await begin(browser, local)
    const cookie = browser.cookieHeader()
    const answers = await Promise.all(times(10, () => visit().get(callback, { headers: { cookie } })))
    const places = answers.map(answer => redirection(answer)[1])
    expect(places.filter(place => place === '/home')).toHaveLength(1)
    const page = 'http://localhost:3000/api/auth/error?error=please_restart_the_process'
    expect(places.filter(place => place === page)).toHaveLength(9)
    expect(await rows('session')).toHaveLength(1)
  })

  it('one login is linked to one of two users', async () => {
    const local = await startLocalProvider()
    const account = { accountLinking: { allowDifferentEmails: true } }
    const { visit, rows } = await start({ plugins: [withLocal(local)], account })
    const browsers = times(2, visit)
    for (const [index, browser] of browsers.entries()) {
      await browser.post('/sign-up/email', { ...ann, email: `u${index}@example.com` })
    }
    local.person = ada
    const input = { errorCallbackURL: '/oops' }
    const begun = await Promise.all(browsers.map(browser => begin(browser, local, { path: '/link-social', input })))
    const answers = await Promise.all(begun.map(({ callback }, index) => browsers[index]?.get(callback)))
    expect(answers.map(answer => answer && redirection(answer)[1]).sort()).toEqual([
      '/home',
      '/oops?error=account_already_linked_to_different_user',
    ])
    expect((await rows('account')).filter(({ providerId }) => providerId === 'local')).toHaveLength(1)
  })

  it('of two accounts that are unlinked one stays', async () => {
    const local = await startLocalProvider()
    const { visit, rows } = await start({ plugins: [withLocal(local, {}, ['local', 'other'])] })
    const browser = visit()
    await signIn(browser, local)
    await signIn(browser, local, { path: '/link-social', input: { provider: 'other' } })
    expect(await rows('account')).toHaveLength(2)
    const answers = await Promise.all(
      ['local', 'other'].map(providerId => browser.post('/unlink-account', { providerId })),
    )
    expect(answers.map(({ status, body }) => `${status} ${body.code ?? ''}`).sort()).toEqual([
      '200 ',
      '400 FAILED_TO_UNLINK_LAST_ACCOUNT',
    ])
    expect(await rows('account')).toHaveLength(1)
  })

  it('10 calls for an access token that is over ask the provider once', async () => {
    const local = await startLocalProvider()
    const { visit, rows } = await start({ plugins: [withLocal(local)], clock: () => new Date() })
    local.expiresIn = 3
    const browser = visit()
    await signIn(browser, local)
    local.expiresIn = 3600
    local.delay = 50
    const answers = await Promise.all(times(10, () => browser.post('/get-access-token', { providerId: 'local' })))
    expect(answers.map(({ body }) => body.accessToken)).toEqual(times(10, () => 'access-1'))
    expect(local.refreshes).toBe(1)
    expect((await rows('account'))[0]).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  })
})
