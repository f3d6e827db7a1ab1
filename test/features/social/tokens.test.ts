import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../../src/index.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { ada, type LocalOptions, startLocalProvider, withLocal } from './local-provider.ts'
import { signIn } from './signing-in.ts'

/** Somebody who signed in at a provider whose clock is the instance's. */
async function start(account: object = {}, provider: Partial<LocalOptions> = {}) {
  const local = await startLocalProvider()
  let ahead = 0
  const clock = () => new Date(Date.now() + ahead)
  const advance = (seconds: number) => {
    ahead += seconds * 1000
  }
  const test = createTestAuth({ plugins: [withLocal(local, provider)], account, clock, database: memoryAdapter() })
  const browser = visit(test.auth)
  await signIn(browser, local)
  const row = async () => (await test.auth.context.adapter.findMany({ model: 'account', where: [] }))[0]
  const ask = async (path: string, input: object = {}) => {
    const { status, body } = await browser.post(path, { providerId: 'local', ...input })
    return status === 200 ? body : `${status} ${body.code}`
  }
  return { ...test, advance, local, browser, row, ask, visit: () => visit(test.auth) }
}

describe('POST /get-access-token', () => {
  it('answers the token, and refreshes one that is about to end', async () => {
    const { ask, local, advance } = await start()
    const first = await ask('/get-access-token')
    expect(first).toEqual({
      accessToken: 'access-0',
      accessTokenExpiresAt: expect.any(String),
      scopes: ['openid', 'email'],
      idToken: expect.any(String),
    })
    advance(3590)
    expect(await ask('/get-access-token')).toMatchObject({ accessToken: 'access-0' })
    advance(6)
    expect(await ask('/get-access-token', { accountId: 'ada-1' })).toMatchObject({ accessToken: 'access-1' })
    expect(local.refreshes).toBe(1)
  })

  it('says what is wrong', async () => {
    const { ask, local, advance, visit } = await start()
    expect(await ask('/get-access-token', { providerId: 'none' })).toBe('400 PROVIDER_NOT_SUPPORTED')
    expect(await ask('/get-access-token', { accountId: 'bob' })).toBe('400 ACCOUNT_NOT_FOUND')
    local.refresh = () => ({ status: 400, json: { error: 'invalid_grant' } })
    advance(4000)
    expect(await ask('/get-access-token')).toBe('400 FAILED_TO_GET_ACCESS_TOKEN')
    const stranger = await visit().post('/get-access-token', { providerId: 'local', userId: 'anyone' })
    expect([stranger.status, stranger.body.code]).toEqual([401, 'UNAUTHORIZED'])
  })

  it('gives nobody the tokens of another user, whatever the body says', async () => {
    const { row, visit, ask } = await start()
    const other = visit()
    await other.post('/sign-up/email', ann)
    const account = await row()
    const choice = { providerId: 'local', accountId: 'ada-1', userId: account?.userId }
    const codes = []
    for (const path of ['/get-access-token', '/refresh-token']) codes.push((await other.post(path, choice)).body.code)
    codes.push((await other.get('/account-info?accountId=ada-1')).body.code)
    expect(codes).toEqual(['ACCOUNT_NOT_FOUND', 'ACCOUNT_NOT_FOUND', 'ACCOUNT_NOT_FOUND'])
    expect(await ask('/get-access-token')).toMatchObject({ accessToken: 'access-0' })
  })
})

describe('POST /refresh-token', () => {
  it('gets new tokens and stores them', async () => {
    const { ask, row } = await start()
    expect(await ask('/refresh-token')).toMatchObject({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      scope: 'openid,email',
      providerId: 'local',
      accountId: 'ada-1',
    })
    expect(await row()).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  })

  it('keeps a refresh token that stays the same', async () => {
    const { ask, local } = await start()
    local.refresh = () => ({ json: { access_token: 'next', token_type: 'Bearer' } })
    expect(await ask('/refresh-token')).toMatchObject({ accessToken: 'next', refreshToken: 'refresh-0' })
    expect(await ask('/refresh-token')).toMatchObject({ accessToken: 'next', refreshToken: 'refresh-0' })
    expect(local.refreshes).toBe(2)
  })

  it('says what is wrong', async () => {
    const { ask, local, auth } = await start()
    local.refresh = () => ({ status: 500, json: {} })
    expect(await ask('/refresh-token')).toBe('400 FAILED_TO_REFRESH_ACCESS_TOKEN')
    const where = [{ field: 'accountId', value: 'ada-1' }]
    await auth.context.adapter.updateMany({ model: 'account', where, update: { refreshToken: null } })
    expect(await ask('/refresh-token')).toBe('400 REFRESH_TOKEN_NOT_FOUND')
    expect(await ask('/refresh-token', { providerId: 'none' })).toBe('400 PROVIDER_NOT_SUPPORTED')
    expect(await ask('/refresh-token', { accountId: 'x' })).toBe('400 ACCOUNT_NOT_FOUND')
  })
})

describe('GET /account-info', () => {
  it('is what the provider tells', async () => {
    const { browser } = await start()
    const { body } = await browser.get('/account-info?accountId=ada-1')
    expect(body).toMatchObject({
      user: { id: 'ada-1', name: 'Ada', email: 'ada@example.com', emailVerified: true },
      data: { sub: 'ada-1', iss: expect.any(String) },
    })
  })

  it('needs to be told which, where no cookie does', async () => {
    const { browser } = await start()
    expect((await browser.get('/account-info')).body.code).toBe('ACCOUNT_NOT_FOUND')
    expect((await browser.get('/account-info?accountId=other')).body.code).toBe('ACCOUNT_NOT_FOUND')
  })
})

describe('the account cookie', () => {
  const name = 'better-auth.account_data'

  it('answers for the row, for five minutes, and is renewed with the tokens', async () => {
    const { browser, ask, auth, local } = await start({ storeAccountCookie: true })
    expect(browser.cookies.get(name)).not.toContain('access')
    expect((await browser.get('/account-info')).body.user).toMatchObject({ id: 'ada-1' })
    await auth.context.adapter.updateMany({ model: 'account', where: [], update: { accessToken: 'changed' } })
    expect(await ask('/get-access-token')).toMatchObject({ accessToken: 'access-0' })
    expect(await ask('/refresh-token')).toMatchObject({ accessToken: 'access-1' })
    expect(await ask('/get-access-token')).toMatchObject({ accessToken: 'access-1' })
    expect(local.refreshes).toBe(1)
  })

  it('is over after five minutes, whatever the browser keeps', async () => {
    const { browser, advance } = await start({ storeAccountCookie: true })
    advance(300)
    expect((await browser.get('/account-info')).body.code).toBe('ACCOUNT_NOT_FOUND')
  })

  it('is worth nothing to another user, and goes with the session', async () => {
    const { browser, visit } = await start({ storeAccountCookie: true })
    const other = visit()
    await other.post('/sign-up/email', ann)
    other.cookies.set(name, browser.cookies.get(name) ?? '')
    expect((await other.get('/account-info')).body.code).toBe('ACCOUNT_NOT_FOUND')
    expect((await browser.post('/sign-out')).setCookies[name]).toContain('Max-Age=0')
  })
})

describe('tokens at rest', () => {
  it('are encrypted where the application says so, and still work', async () => {
    const { row, ask, browser } = await start({ encryptOAuthTokens: true })
    const stored = await row()
    expect(stored?.accessToken).toMatch(/^k1\.\d+\.[\w-]+$/)
    expect(stored?.refreshToken).toMatch(/^k1\.\d+\.[\w-]+$/)
    expect(await ask('/get-access-token')).toMatchObject({ accessToken: 'access-0' })
    expect(await ask('/refresh-token')).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    expect((await browser.get('/account-info?accountId=ada-1')).status).toBe(200)
  })

  it('leave only where they are asked for', async () => {
    const { browser } = await start()
    const texts = [(await browser.get('/list-accounts')).text, (await browser.get('/get-session')).text]
    expect(texts.join()).not.toMatch(/access-|refresh-|idToken|password/)
  })
})

describe('GET /list-accounts and POST /unlink-account', () => {
  it('show every way to sign in, and take one away', async () => {
    const { browser, ask, auth } = await start()
    const { body } = await browser.get('/list-accounts')
    expect(body).toEqual([
      {
        id: expect.any(String),
        providerId: 'local',
        accountId: 'ada-1',
        userId: expect.any(String),
        scopes: ['openid', 'email'],
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    ])
    expect(await ask('/unlink-account')).toBe('400 FAILED_TO_UNLINK_LAST_ACCOUNT')
    const headers = { cookie: browser.cookieHeader(), origin: 'http://localhost:3000' }
    await auth.caller({ headers }).password.set({ newPassword: ann.password })
    expect(await ask('/unlink-account', { accountId: 'other' })).toBe('400 ACCOUNT_NOT_FOUND')
    expect(await ask('/unlink-account')).toEqual({ status: true })
    expect((await browser.get('/list-accounts')).body).toMatchObject([{ providerId: 'credential', scopes: [] }])
    expect((await browser.get('/get-session')).body.user?.email).toBe(ada.email)
  })

  it('take the last one where the application says so, and need a fresh session', async () => {
    const { ask, advance } = await start({ accountLinking: { allowUnlinkingAll: true } })
    advance(86_400)
    expect(await ask('/unlink-account')).toBe('403 SESSION_NOT_FRESH')
    const fresh = await start({ accountLinking: { allowUnlinkingAll: true } })
    expect(await fresh.ask('/unlink-account')).toEqual({ status: true })
  })
})

it('the application gets tokens of any user by calls within the process', async () => {
  const { auth, row, browser } = await start()
  const userId = String((await row())?.userId)
  const { account } = auth.caller()
  expect(await account.getAccessTokenOf({ userId, providerId: 'local' })).toMatchObject({ accessToken: 'access-0' })
  expect(await account.refreshTokenOf({ userId, providerId: 'local' })).toMatchObject({ accessToken: 'access-1' })
  expect((await browser.post('/trpc/account.getAccessTokenOf', { userId, providerId: 'local' })).status).toBe(404)
})
