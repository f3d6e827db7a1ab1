import { expect, it } from 'vitest'
import { memoryStorage } from '../../../src/index.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { startLocalProvider, withLocal } from './local-provider.ts'
import { begin, redirection, signIn } from './signing-in.ts'

const fail = () => {
  throw new Error('disk full')
}

describeEveryInstance('a sign-in at a provider that fails half way [control 82]', start => {
  it.each([
    ['user', 'unable_to_create_user'],
    ['account', 'unable_to_create_user'],
    ['session', 'unable_to_create_session'],
  ] as const)('at the %s leaves nothing', async (model, error) => {
    const local = await startLocalProvider()
    const databaseHooks = { [model]: { create: { before: fail } } }
    const { visit, rows } = await start({ plugins: [withLocal(local)], databaseHooks })
    const answer = await signIn(visit(), local, { input: { errorCallbackURL: '/oops' } })
    expect(redirection(answer)).toEqual([302, `/oops?error=${error}`])
    expect(answer.setCookies['better-auth.session_token']).toBeUndefined()
    for (const each of ['user', 'account', 'session', 'verification'])
      expect([each, await rows(each)]).toEqual([each, []])
  })

  it('keeps what it is for in secondary storage, where there is one', async () => {
    const local = await startLocalProvider()
    const { visit, rows } = await start({ plugins: [withLocal(local)], secondaryStorage: memoryStorage() })
    const browser = visit()
    const { callback } = await begin(browser, local)
    expect(await rows('verification')).toEqual([])
    expect(redirection(await browser.get(callback))).toEqual([302, '/home'])
    expect((await browser.get('/get-session')).body.user?.email).toBe('ada@example.com')
    expect(redirection(await browser.get(callback))[1]).toContain('error=please_restart_the_process')
  })
})
