import { createAuthClient } from 'better-auth/client'
import { createAuthClient as createAuthClient17 } from 'better-auth-1.7/client'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { ann } from '../../support/test-auth.ts'
import { type OidcClient, openOidcBrowser, startOidc, withOidc } from './oidc-server.ts'

const releases = [
  { release: '1.6.11', create: createAuthClient },
  { release: '1.7.7', create: createAuthClient17 as unknown as typeof createAuthClient },
]

/** A server with a real OpenID provider, and browsers that run the official client. */
async function start(create: typeof createAuthClient, use?: Parameters<typeof startOidc>[0]) {
  const { issuer, ...server } = await startOidc(use)
  const browser = () => {
    const keepCookies = createCookieFetch({ url: server.url })
    const send = (input: RequestInfo | URL, init?: RequestInit) => {
      const headers = new Headers(init?.headers)
      headers.set('origin', server.origin)
      return keepCookies(input, { ...init, headers })
    }
    const client = create({ baseURL: server.url, fetchOptions: { customFetchImpl: send } })
    const pages = openOidcBrowser(issuer)
    /** Follows the address that the client was given, there and back. */
    const follow = async (data: { url?: string } | null | undefined, answer: { login?: string; deny?: boolean }) => {
      const callback = await pages.visit(data?.url ?? '', answer)
      const landed = await keepCookies(callback, { redirect: 'manual' })
      return landed.headers.get('location')
    }
    return { client, follow }
  }
  return { ...server, browser }
}

describe.each(releases)('a real OpenID provider, with better-auth/client $release', ({ create }) => {
  const social = { provider: 'oidc', callbackURL: '/home', newUserCallbackURL: '/welcome', errorCallbackURL: '/oops' }

  it('signs up, signs in, and shows, refreshes and uses tokens', async () => {
    const { browser } = await start(create)
    const { client, follow } = browser()
    const begun = await client.signIn.social({ ...social, scopes: ['offline_access'] } as never)
    expect(await follow(begun.data, { login: 'ada' })).toBe('/welcome')
    const session = await client.getSession()
    expect(session.data?.user).toMatchObject({ name: 'ada', email: 'ada@example.com', emailVerified: true })

    const accounts = await client.listAccounts()
    expect(accounts.data).toMatchObject([{ providerId: 'oidc', accountId: 'ada' }])
    const account = { providerId: 'oidc', accountId: 'ada' }
    const before = await client.getAccessToken(account)
    const refreshed = await client.refreshToken(account)
    expect(refreshed.data?.accessToken).toEqual(expect.any(String))
    expect(refreshed.data?.accessToken).not.toBe(before.data?.accessToken)
    const after = await client.getAccessToken(account)
    expect(after.data?.accessToken).toBe(refreshed.data?.accessToken)
    const info = await client.accountInfo({ query: { accountId: 'ada' } })
    expect(info.data).toMatchObject({ user: { id: 'ada', email: 'ada@example.com' } })

    await client.signOut()
    const again = await client.signIn.social(social as never)
    expect(await follow(again.data, { login: 'ada' })).toBe('/home')
    expect((await client.getSession()).data?.user.id).toBe(session.data?.user.id)
  })

  it('links and unlinks', async () => {
    const { browser } = await start(create)
    const { client, follow } = browser()
    await client.signUp.email({ ...ann, email: 'ada@example.com' })
    const begun = await client.linkSocial({
      provider: 'oidc' as never,
      callbackURL: '/home',
      errorCallbackURL: '/oops',
    })
    expect(await follow(begun.data, { login: 'ada' })).toBe('/home')
    const { data } = await client.listAccounts()
    expect(data?.map(({ providerId }) => providerId).sort()).toEqual(['credential', 'oidc'])

    const other = browser()
    expect(await other.follow((await other.client.signIn.social(social as never)).data, { login: 'ada' })).toBe('/home')
    const bob = await client.linkSocial({ provider: 'oidc' as never, callbackURL: '/home', errorCallbackURL: '/oops' })
    const elsewhere = browser()
    expect(await elsewhere.follow(bob.data, { login: 'bob' })).toContain('error=state_mismatch')

    expect((await client.unlinkAccount({ providerId: 'oidc', accountId: 'ada' })).data).toEqual({ status: true })
    const last = await client.unlinkAccount({ providerId: 'credential' })
    expect(last.error).toMatchObject({ status: 400, code: 'FAILED_TO_UNLINK_LAST_ACCOUNT' })
  })

  it('is nobody to the provider without the secret of the client [A16, control 73]', async () => {
    const plugin = (client: OidcClient) => withOidc({ ...client, clientSecret: 'another-secret-another-secret' })
    const { auth, browser } = await start(create, { plugin, callbackPath: '/callback/oidc' })
    const { client, follow } = browser()
    const begun = await client.signIn.social(social as never)
    expect(await follow(begun.data, { login: 'ada' })).toBe('/oops?error=invalid_code')
    expect((await client.getSession()).data).toBeNull()
    expect(await auth.context.adapter.count({ model: 'user', where: [] })).toBe(0)
  })

  it('tells that the user did not agree', async () => {
    const { browser } = await start(create)
    const { client, follow } = browser()
    const begun = await client.signIn.social(social as never)
    const location = await follow(begun.data, { deny: true })
    expect(location).toMatch(/^\/oops\?error=access_denied&error_description=/)
    expect((await client.getSession()).data).toBeNull()
  })
})
