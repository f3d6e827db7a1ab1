import * as official from 'better-auth/plugins'
import { describe, expect, it } from 'vitest'
import * as ours from '../../../routers/generic-oauth/index.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { type Routes, startProviders } from '../../oauth/provider-server.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { startLocalProvider } from '../social/local-provider.ts'
import { begin, configOf, signIn, startWithLocal } from './signing-in.ts'

const client = { clientId: 'CID', clientSecret: 'CS' }

describe('a provider of the options', () => {
  it.each(['a/b', '', '..%2f', 'x'.repeat(129)])('has an id that fits into a path, unlike "%s"', providerId => {
    expect(() => ours.genericOAuth({ config: [{ providerId, clientId: 'c' }] })).toThrow('is no providerId')
  })

  it('is there once', () => {
    const config = [
      { providerId: 'a', clientId: 'c' },
      { providerId: 'a', clientId: 'd' },
    ]
    expect(() => ours.genericOAuth({ config })).toThrow('"a" is there twice')
  })

  it('gives callbacks the call they belong to', async () => {
    const seen: string[] = []
    const { local, visit } = await startWithLocal({
      authorizationUrlParams: ({ path, body }) => {
        seen.push(path)
        return { ui_locales: (body as { additionalData: { language: string } }).additionalData.language }
      },
      tokenUrlParams: ({ path }) => {
        seen.push(path)
        return { grant_type: 'password', code: 'stolen' }
      },
    })
    const browser = visit()
    const callback = await begin(browser, local, { input: { additionalData: { language: 'de' } } })
    expect((await browser.get(callback)).headers.get('location')).toBe('/home')
    expect(seen).toEqual(['/sign-in/oauth2', '/oauth2/callback/:providerId'])
  })

  it('adds to the request what the options say, but for what protects the flow', async () => {
    const authorizationUrlParams = { state: 'known', nonce: 'known', code_challenge: 'known', audience: 'api' }
    const { local, visit } = await startWithLocal({ authorizationUrlParams, pkce: true })
    const browser = visit()
    const begun = await browser.post('/sign-in/oauth2', { providerId: 'local' })
    const asked = new URL(begun.body.url ?? '').searchParams
    expect(asked.get('audience')).toBe('api')
    expect([...asked.values()]).not.toContain('known')
    expect(await signIn(browser, local)).toBe('/home')
  })

  it('has a name for pages', async () => {
    const config = [
      { providerId: 'acme', name: 'Acme ID', clientId: 'c' },
      { providerId: 'other', clientId: 'c' },
    ]
    const { auth } = createTestAuth({ plugins: [ours.genericOAuth({ config })] })
    expect((await auth.context.providers.list()).map(({ name }) => name)).toEqual(['Acme ID', 'other'])
  })

  it('signs nobody up whom it should not', async () => {
    const closed = await startWithLocal({ disableSignUp: true })
    expect(await signIn(closed.visit(), closed.local, { input: { requestSignUp: true } })).toBe(
      '/oops?error=signup_disabled',
    )
    const asking = await startWithLocal({ disableImplicitSignUp: true })
    expect(await signIn(asking.visit(), asking.local)).toBe('/oops?error=signup_disabled')
    expect(await signIn(asking.visit(), asking.local, { input: { requestSignUp: true } })).toBe('/home')
  })

  it('does not cost a query more when a session is read', async () => {
    const database = countingDatabase(memoryAdapter())
    const { local, visit } = await startWithLocal({}, { database })
    const browser = visit()
    await signIn(browser, local)
    database.calls = []
    expect((await browser.get('/get-session')).body.user).toBeDefined()
    expect(database.calls).toHaveLength(1)
  })

  it('stands beside built-in ones, which its routes do not know', async () => {
    const local = await startLocalProvider()
    const { auth } = createTestAuth({
      plugins: [ours.genericOAuth({ config: [configOf(local)] })],
      socialProviders: { github: client },
    })
    const refused = await visit(auth).post('/sign-in/oauth2', { providerId: 'github' })
    expect([refused.status, refused.body.message]).toEqual([400, 'PROVIDER_CONFIG_NOT_FOUND github'])
  })
})

const PERSON = { sub: 'u1', name: 'Ada', email: 'ada@example.com', picture: 'https://img.example/a.png' }
const ada = { id: 'u1', name: 'Ada', email: 'ada@example.com', image: 'https://img.example/a.png' }

/** Where each preset gets a profile, what is told there, and what that makes. */
const profiles: Record<string, { routes: Routes; user: object }> = {
  gumroad: {
    routes: {
      'GET https://api.gumroad.com/v2/user': {
        json: { success: true, user: { user_id: 'u1', name: 'Ada', email: ada.email, profile_url: ada.image } },
      },
    },
    user: { ...ada, emailVerified: false },
  },
  hubspot: {
    routes: { 'GET https://api.hubapi.com/oauth/v1/access-tokens/at': { json: { user_id: 7, user: ada.email } } },
    user: { id: 7, name: ada.email, email: ada.email, emailVerified: false },
  },
  line: {
    routes: { 'GET https://api.line.me/oauth2/v2.1/userinfo': { json: PERSON } },
    user: { ...ada, emailVerified: false },
  },
  microsoftEntraId: {
    routes: { 'GET https://graph.microsoft.com/oidc/userinfo': { json: { ...PERSON, email_verified: true } } },
    user: { ...ada, emailVerified: true },
  },
  patreon: {
    routes: {
      'GET https://www.patreon.com/api/oauth2/v2/identity': {
        json: {
          data: {
            id: 'u1',
            attributes: { full_name: 'Ada', email: ada.email, image_url: ada.image, is_email_verified: true },
          },
        },
      },
    },
    user: { ...ada, emailVerified: true },
  },
  slack: {
    routes: {
      'GET https://slack.com/api/openid.connect.userInfo': { json: { ...PERSON, 'https://slack.com/user_id': 'U7' } },
    },
    user: { ...ada, id: 'U7', emailVerified: false },
  },
}

const presets = {
  auth0: [ours.auth0, official.auth0],
  gumroad: [ours.gumroad, official.gumroad],
  hubspot: [ours.hubspot, official.hubspot],
  keycloak: [ours.keycloak, official.keycloak],
  line: [ours.line, official.line],
  microsoftEntraId: [ours.microsoftEntraId, official.microsoftEntraId],
  okta: [ours.okta, official.okta],
  patreon: [ours.patreon, official.patreon],
  slack: [ours.slack, official.slack],
} as const
const own = { domain: 'acme.eu.auth0.com', issuer: 'https://login.example/', tenantId: 'acme' }

describe.each(Object.keys(presets) as (keyof typeof presets)[])('the preset %s', name => {
  // Each takes options of its own, and finds them among all.
  const [makeOurs, makeTheirs] = presets[name] as unknown as ((options: object) => ours.GenericOAuthConfig)[]
  const make = (options: object = {}) => makeOurs?.({ ...client, ...own, ...options }) as ours.GenericOAuthConfig
  const theirs = (options: object = {}) => makeTheirs?.({ ...client, ...own, ...options }) as ours.GenericOAuthConfig
  const dataOf = (config: ours.GenericOAuthConfig) => {
    const { getUserInfo: _, issuer: __, ...data } = config
    return JSON.parse(JSON.stringify(data))
  }

  it('says the same as Better Auth’s', () => {
    expect(dataOf(make())).toEqual(dataOf(theirs()))
    const options = { scopes: ['a'], redirectURI: 'https://a.example/cb', pkce: true, disableSignUp: true }
    expect(dataOf(make(options))).toEqual(dataOf(theirs(options)))
  })

  const { routes, user } = profiles[name] ?? {}
  it.runIf(routes)('reads a profile', async () => {
    const config = make()
    const { host, pathname } = new URL(config.tokenUrl ?? '')
    const token = { [`POST https://${host}${pathname}`]: { json: { access_token: 'at', token_type: 'Bearer' } } }
    const server = await startProviders({ ...routes, ...token })
    const seen: unknown[] = []
    const mapProfileToUser = (profile: object) => {
      seen.push(profile)
      return { name: 'Mapped' }
    }
    const plugins = [ours.genericOAuth({ config: [{ ...config, mapProfileToUser }] })]
    const { auth } = createTestAuth({ plugins, advanced: { outbound: { fetch: server.fetch } } })
    const browser = visit(auth)
    const begun = await browser.post('/sign-in/oauth2', { providerId: config.providerId, callbackURL: '/home' })
    const state = new URL(begun.body.url ?? '').searchParams.get('state')
    const ended = await browser.get(`/oauth2/callback/${config.providerId}?code=c&state=${state}`)
    expect([ended.status, ended.headers.get('location')]).toEqual([302, '/home'])
    expect(JSON.parse(JSON.stringify(seen))).toEqual([user])
  })
})
