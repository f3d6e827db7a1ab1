import { createAuthClient } from 'better-auth/client'
import { genericOAuthClient } from 'better-auth/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { type GenericOAuthConfig, genericOAuth } from '../../../routers/generic-oauth/index.ts'
import { startServer } from '../../support/start-server.ts'
import { ann } from '../../support/test-auth.ts'
import { openOidcBrowser, startOidc } from '../social/oidc-server.ts'

/** A real OpenID provider found by its metadata, and browsers with the official client. */
async function start(options: Partial<GenericOAuthConfig> = {}) {
  const { issuer, ...server } = await startOidc({
    callbackPath: '/oauth2/callback/found',
    plugin: ({ issuer, ...client }) => {
      const discoveryUrl = `${issuer}/.well-known/openid-configuration`
      const scopes = ['openid', 'email', 'profile']
      return genericOAuth({ config: [{ providerId: 'found', ...client, discoveryUrl, scopes, ...options }] })
    },
  })
  const browser = () => {
    const keepCookies = createCookieFetch({ url: server.url })
    const send = (input: RequestInfo | URL, init?: RequestInit) => {
      const headers = new Headers(init?.headers)
      headers.set('origin', server.origin)
      return keepCookies(input, { ...init, headers })
    }
    const client = createAuthClient({
      baseURL: server.url,
      fetchOptions: { customFetchImpl: send },
      plugins: [genericOAuthClient()],
    })
    const pages = openOidcBrowser(issuer)
    const follow = async (data: { url?: string } | null | undefined, answer: { login?: string; deny?: boolean }) => {
      const landed = await keepCookies(await pages.visit(data?.url ?? '', answer), { redirect: 'manual' })
      return landed.headers.get('location')
    }
    return { client, follow }
  }
  return { ...server, issuer, browser }
}

const places = { providerId: 'found', callbackURL: '/home', newUserCallbackURL: '/welcome', errorCallbackURL: '/oops' }

describe('a real OpenID provider that is found by its metadata, with the official client', () => {
  it('signs up, signs in, and shows, refreshes and uses tokens', async () => {
    const { browser } = await start({ requireIssuerValidation: true })
    const { client, follow } = browser()
    const begun = await client.signIn.oauth2({ ...places, scopes: ['offline_access'] })
    const asked = new URL(begun.data?.url ?? '').searchParams
    // The provider's metadata says that it knows PKCE.
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(asked.get('nonce')).toMatch(/^[\w-]{43}$/)
    expect(await follow(begun.data, { login: 'ada' })).toBe('/welcome')
    const session = await client.getSession()
    expect(session.data?.user).toMatchObject({ name: 'ada', email: 'ada@example.com', emailVerified: true })

    const account = { providerId: 'found', accountId: 'ada' }
    expect((await client.listAccounts()).data).toMatchObject([account])
    const before = await client.getAccessToken(account)
    const refreshed = await client.refreshToken(account)
    expect(refreshed.data?.accessToken).toEqual(expect.any(String))
    expect(refreshed.data?.accessToken).not.toBe(before.data?.accessToken)
    const info = await client.accountInfo({ query: { accountId: 'ada' } })
    expect(info.data).toMatchObject({ user: { id: 'ada', email: 'ada@example.com' } })

    await client.signOut()
    expect(await follow((await client.signIn.oauth2(places)).data, { login: 'ada' })).toBe('/home')
    expect((await client.getSession()).data?.user.id).toBe(session.data?.user.id)
  })

  it('links a login, which then signs in as that user', async () => {
    const { browser } = await start()
    const { client, follow } = browser()
    await client.signUp.email({ ...ann, email: 'ada@example.com' })
    const begun = await client.oauth2.link({ providerId: 'found', callbackURL: '/home', errorCallbackURL: '/oops' })
    expect(await follow(begun.data, { login: 'ada' })).toBe('/home')
    expect((await client.listAccounts()).data?.map(({ providerId }) => providerId).sort()).toEqual([
      'credential',
      'found',
    ])
    const other = browser()
    expect(await other.follow((await other.client.signIn.oauth2(places)).data, { login: 'ada' })).toBe('/home')
    expect((await other.client.getSession()).data?.user.name).toBe(ann.name)
  })

  it('tells that the user did not agree', async () => {
    const { browser, url } = await start()
    const { client, follow } = browser()
    const location = await follow((await client.signIn.oauth2(places)).data, { deny: true })
    expect(location).toMatch(new RegExp(`^${url}/error\\?error=access_denied&error_description=`))
    expect((await client.getSession()).data).toBeNull()
  })

  it('is reached by the typed tRPC client as well', async () => {
    const addresses = { authorizationUrl: 'https://idp.example/authorize', tokenUrl: 'https://idp.example/token' }
    const config = [{ providerId: 'idp', clientId: 'CID', ...addresses }]
    const server = await startServer({ plugins: [genericOAuth({ config })] })
    const begun = await server.client().signIn.oauth2.mutate({ providerId: 'idp', disableRedirect: true })
    expect(begun).toEqual({ url: expect.stringContaining(`${addresses.authorizationUrl}?`), redirect: false })
  })
})
