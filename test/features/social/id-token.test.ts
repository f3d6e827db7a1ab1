import { describe, expect, it } from 'vitest'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import {
  ada,
  idTokenOf,
  type LocalOptions,
  type LocalProvider,
  startLocalProvider,
  withLocal,
} from './local-provider.ts'

async function start(provider: Partial<LocalOptions> = {}, given: object = {}) {
  const local = await startLocalProvider()
  const test = createTestAuth({ ...given, plugins: [withLocal(local, provider)] })
  const { adapter } = test.auth.context
  const rows = (model: string) => adapter.findMany({ model, where: [], limit: 100 })
  return { ...test, local, rows, visit: () => visit(test.auth) }
}

const body = async (local: LocalProvider, idToken: object = {}, more: object = {}) => ({
  provider: 'local',
  idToken: { token: await idTokenOf(local, 'my-nonce'), nonce: 'my-nonce', ...idToken },
  ...more,
})

describe('POST /sign-in/social with an id token', () => {
  it('signs up and in, and keeps no more than the access token', async () => {
    const { local, visit, rows } = await start()
    const browser = visit()
    const tokens = { accessToken: 'mine', refreshToken: 'mine-too' }
    const answer = await browser.post('/sign-in/social', await body(local, tokens))
    expect(answer.body).toEqual({
      redirect: false,
      token: expect.any(String),
      user: expect.objectContaining({ email: ada.email, name: 'Ada', emailVerified: true }),
    })
    expect(answer.headers.has('location')).toBe(false)
    expect((await browser.get('/get-session')).body.user?.email).toBe(ada.email)
    const again = await visit().post('/sign-in/social', await body(local))
    expect(again.body.user?.id).toBe(answer.body.user?.id)
    const [account] = await rows('account')
    expect([account?.accessToken, account?.refreshToken, account?.idToken]).toEqual(['mine', null, null])
  })

  it.each<[string, Partial<LocalProvider>, idToken: object, string]>([
    ['another nonce', {}, { nonce: 'other' }, '401 INVALID_TOKEN'],
    ['another client', { claims: { aud: 'other' } }, {}, '401 INVALID_TOKEN'],
    ['another issuer', { claims: { iss: 'https://evil.example' } }, {}, '401 INVALID_TOKEN'],
    ['no signature', { sign: { alg: 'none' } }, {}, '401 INVALID_TOKEN'],
    ['an unknown key', { sign: { kid: 'second', published: ['first'] } }, {}, '401 INVALID_TOKEN'],
    ['no subject', { person: { sub: '' } }, {}, '401 INVALID_TOKEN'],
    ['nonsense', {}, { token: 'nonsense' }, '401 INVALID_TOKEN'],
    ['no address', { person: { sub: '1' } }, {}, '401 USER_EMAIL_NOT_FOUND'],
    ['keys that cannot be had', { delay: 6000 }, {}, '503 SERVICE_UNAVAILABLE'],
  ])('refuses one with %s [control 73]', async (_case, changes, idToken, code) => {
    const { local, visit, rows } = await start({}, { advanced: { outbound: { timeoutMs: 200 } } })
    Object.assign(local, changes)
    const answer = await visit().post('/sign-in/social', await body(local, idToken))
    expect(`${answer.status} ${answer.body.code}`).toBe(code)
    expect(answer.setCookies).toEqual({})
    expect(await rows('user')).toEqual([])
  })

  it('is refused where the provider’s cannot be verified, or the application does not want it', async () => {
    const { local, visit } = await start(
      { disableIdTokenSignIn: true },
      { socialProviders: { github: { clientId: 'a', clientSecret: 'b' } } },
    )
    const off = await visit().post('/sign-in/social', await body(local))
    expect([off.status, off.body.code]).toEqual([401, 'INVALID_TOKEN'])
    const never = await visit().post('/sign-in/social', { ...(await body(local)), provider: 'github' })
    expect([never.status, never.body.code]).toEqual([404, 'ID_TOKEN_NOT_SUPPORTED'])
  })

  it('says why a login cannot be used [A20]', async () => {
    const { local, visit } = await start()
    await visit().post('/sign-up/email', { ...ann, email: ada.email })
    const taken = await visit().post('/sign-in/social', await body(local))
    expect([taken.status, taken.body]).toEqual([401, { code: 'OAUTH_LINK_ERROR', message: 'account not linked' }])
    const closed = await start({ disableImplicitSignUp: true })
    const refused = await closed.visit().post('/sign-in/social', await body(closed.local))
    expect(refused.body).toEqual({ code: 'OAUTH_LINK_ERROR', message: 'signup disabled' })
    const asked = await closed.visit().post('/sign-in/social', await body(closed.local, {}, { requestSignUp: true }))
    expect(asked.status).toBe(200)
  })
})

describe('POST /link-social with an id token', () => {
  async function signedIn(account: object = {}) {
    const test = await start({}, { account })
    const browser = test.visit()
    await browser.post('/sign-up/email', { ...ann, email: ada.email })
    const link = async (idToken: object = {}) => {
      const answer = await browser.post('/link-social', await body(test.local, idToken))
      return answer.status === 200 ? answer.body : `${answer.status} ${answer.body.code}`
    }
    return { ...test, browser, link }
  }

  it('links, and says so again', async () => {
    const { link, rows, local } = await signedIn()
    const linked = { url: '', status: true, redirect: false }
    expect(await link({ accessToken: 'mine', scopes: ['a', 'b'] })).toEqual(linked)
    local.person = { ...ada, email_verified: false }
    expect(await link()).toEqual(linked)
    const account = (await rows('account')).find(({ providerId }) => providerId === 'local')
    expect(account).toMatchObject({ accountId: 'ada-1', accessToken: 'mine', scope: 'a,b' })
  })

  it('is refused as a redirect would be', async () => {
    const { link, local } = await signedIn()
    local.person = { ...ada, email_verified: false }
    expect(await link()).toBe('401 LINKING_NOT_ALLOWED')
    local.person = { ...ada, email: 'other@example.com' }
    expect(await link()).toBe('401 LINKING_DIFFERENT_EMAILS_NOT_ALLOWED')
    local.person = { sub: 'ada-1' }
    expect(await link()).toBe('401 USER_EMAIL_NOT_FOUND')
    expect(await link({ nonce: 'other' })).toBe('401 INVALID_TOKEN')
  })
})
