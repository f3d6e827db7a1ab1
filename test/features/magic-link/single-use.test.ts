import { expect, it } from 'vitest'
import type { MagicLinkOptions } from '../../../routers/magic-link/index.ts'
import { memoryStorage } from '../../../src/index.ts'
import { createRequestContext } from '../../../src/request.ts'
import { createVerification } from '../../../src/verifications.ts'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { createLinks } from './links.ts'

const { email } = ann
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

describeEveryInstance('a magic link is used once', (start, engine) => {
  const startLinks = async (options: Partial<MagicLinkOptions> = {}, more: object = {}) => {
    const links = createLinks(options)
    const instance = await start({ ...more, advanced: links.advanced, plugins: [links.plugin] })
    const ask = async (to = email) => {
      await instance.visit().post('/sign-in/magic-link', { email: to, callbackURL: '/home' })
      return links.lastPath()
    }
    return { ...instance, ...links, ask }
  }

  it.each(['hashed', 'plain', 'in secondary storage'] as const)(
    'of 50 who follow it at once exactly one signs in, %s [A30, control 12]',
    async form => {
      const isStored = form === 'in secondary storage'
      const { visit, rows, ask } = await startLinks(
        isStored ? {} : { storeToken: form },
        isStored ? { secondaryStorage: memoryStorage() } : {},
      )
      const path = await ask()
      const answers = await Promise.all(times(50, () => visit().get(path)))
      const winners = answers.filter(({ setCookies }) => 'better-auth.session_token' in setCookies)
      expect(winners).toHaveLength(1)
      const places = answers.map(({ headers }) => new URL(headers.get('location') ?? '').search)
      expect(places.filter(search => search === '?error=INVALID_TOKEN')).toHaveLength(49)
      expect([engine, (await rows('user')).length, await rows('verification')]).toEqual([engine, 1, []])
      if (!isStored) expect(await rows('session')).toHaveLength(1)
    },
  )

  it('20 links to one new address at once make one user, who has 20 sessions', async () => {
    const { visit, rows, ask } = await startLinks()
    const paths: string[] = []
    for (let index = 0; index < 20; index++) paths.push(await ask())
    const answers = await Promise.all(paths.map(path => visit().get(path)))
    expect(answers.filter(({ setCookies }) => 'better-auth.session_token' in setCookies)).toHaveLength(20)
    expect([(await rows('user')).length, (await rows('session')).length]).toEqual([1, 20])
  })

  it('the first one clears what somebody else planted, the next ones nothing [A33, control 14]', async () => {
    const { visit, rows, ask } = await startLinks()
    const attacker = visit()
    await attacker.post('/sign-up/email', ann)
    const owner = visit()
    await owner.get(await ask())
    expect((await owner.get('/get-session')).body.user).toMatchObject({ email, emailVerified: true })
    expect((await attacker.get('/get-session')).text).toBe('null')
    expect((await visit().post('/sign-in/email', ann)).status).toBe(401)
    expect([(await rows('account')).length, (await rows('session')).length]).toEqual([0, 1])
    await visit().get(await ask())
    expect(await rows('session')).toHaveLength(2)
  })

  it('is good for its purpose only, and no other secret is one [A38, control 13]', async () => {
    const identity = { type: 'custom-hasher' as const, hash: (token: string) => token }
    for (const storeToken of ['hashed', 'plain', identity] as const) {
      const { auth, visit, inbox, ask, last, rows } = await startLinks(
        { storeToken },
        { user: { deleteUser: { enabled: true } } },
      )
      await visit().post('/sign-up/email', ann)
      await visit().post('/request-password-reset', { email })
      const reset = await inbox.waitFor(email)
      const request = createRequestContext(auth.context, { headers: new Headers(), sendHeader: () => undefined })
      const value = JSON.stringify({ email })
      const foreign = ['oauth-state', 'reset-password', 'delete-account', 'email-otp-sign-in', 'magic-link-other']
      const secret = 'a-state-that-anybody-may-choose'
      for (const purpose of foreign)
        await createVerification(request, { purpose, secret, store: 'plain' }, { value, expiresIn: 60 })
      const tokens = [reset.token, secret, ...foreign.map(purpose => `${purpose}:${secret}`)]
      for (const token of tokens) {
        const { headers, setCookies } = await visit().get(`/magic-link/verify?token=${encodeURIComponent(token)}`)
        expect([headers.get('location'), setCookies]).toEqual(['http://localhost:3000/?error=INVALID_TOKEN', {}])
      }
      await ask()
      const { token } = await last()
      for (const [path, body] of [
        ['/reset-password', { token, newPassword: 'another good password' }],
        ['/delete-user', { token }],
      ] as const) {
        const answer = await visit().post(path, body)
        expect([answer.status >= 400, answer.status < 500]).toEqual([true, true])
      }
      expect((await visit().get(`/verify-email?token=${token}`)).status).toBe(401)
      expect(await rows('user')).toHaveLength(1)
    }
  })
})

describeEveryInstance('tokens at rest [control 11]', start => {
  it('are hashed unless the application says otherwise', async () => {
    const stored = async (options: Partial<MagicLinkOptions>) => {
      const links = createLinks(options)
      const { visit, rows } = await start({ advanced: links.advanced, plugins: [links.plugin] })
      await visit().post('/sign-in/magic-link', { email })
      const { token } = await links.last()
      const [row] = await rows('verification')
      const followed = await visit().get(`/magic-link/verify?token=${token}`)
      expect([followed.status, followed.body.user]).toMatchObject([200, { email }])
      return { token, identifier: String(row?.identifier) }
    }
    const hashed = await stored({})
    expect(hashed.identifier).toMatch(/^magic-link:[\w-]{43}$/)
    expect(hashed.identifier).not.toContain(hashed.token)
    const plain = await stored({ storeToken: 'plain' })
    expect(plain.identifier).toBe(`magic-link:${plain.token}`)
    const hash = async (token: string) => [...token].reverse().join('')
    const own = await stored({
      storeToken: { type: 'custom-hasher', hash },
      generateToken: to => `token-of-${to.replace('@', '-')}`,
    })
    expect(own).toEqual({
      token: 'token-of-ann-example.com',
      identifier: 'magic-link:moc.elpmaxe-nna-fo-nekot',
    })
  })
})
