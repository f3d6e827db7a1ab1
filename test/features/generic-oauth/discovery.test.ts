import { exportSPKI, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { type GenericOAuthConfig, genericOAuth } from '../../../routers/generic-oauth/index.ts'
import { type Routes, startProviders } from '../../oauth/provider-server.ts'
import { createSigningKey } from '../../oauth/signing-key.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'

const issuer = 'https://idp.example'
const discoveryUrl = `${issuer}/.well-known/openid-configuration`
const METADATA = 'GET https://idp.example/.well-known/openid-configuration'

const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/me`,
  jwks_uri: `${issuer}/jwks`,
}

async function start(routes: Routes = {}, options: Partial<GenericOAuthConfig> = {}) {
  const server = await startProviders({ [METADATA]: { json: metadata }, ...routes })
  const config = [
    { providerId: 'idp', clientId: 'CID', clientSecret: 'CS', discoveryUrl, scopes: ['openid'], ...options },
  ]
  const plugins = [genericOAuth({ config })]
  const test = createTestAuth({ plugins, advanced: { outbound: { fetch: server.fetch } } })
  return { ...test, server, visit: () => visit(test.auth) }
}

const begin = (browser: Visitor) => browser.post('/sign-in/oauth2', { providerId: 'idp', callbackURL: '/home' })
const requestsFor = ({ seen }: { seen: { url: string }[] }, url: string) => seen.filter(each => each.url === url).length

describe('metadata of a provider', () => {
  it('is asked for when it is needed, once for all who come at the same time, and anew after an hour', async () => {
    const { server, visit, clock } = await start()
    expect(server.seen).toEqual([])
    const answers = await Promise.all([begin(visit()), begin(visit()), begin(visit())])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers[0]?.body.url).toMatch(/^https:\/\/idp\.example\/authorize\?response_type=code&client_id=CID&/)
    clock.advance(3599)
    await begin(visit())
    expect(requestsFor(server, discoveryUrl)).toBe(1)
    clock.advance(1)
    await begin(visit())
    expect(requestsFor(server, discoveryUrl)).toBe(2)
  })

  it('that cannot be had is asked for again, and nothing is left behind', async () => {
    const { server, visit, auth } = await start({ [METADATA]: { status: 503 } })
    const browser = visit()
    const refused = await begin(browser)
    expect([refused.status, refused.body.code]).toEqual([400, 'INVALID_OAUTH_CONFIGURATION'])
    expect(refused.setCookies).toEqual({})
    expect(await auth.context.adapter.count({ model: 'verification' })).toBe(0)
    server.routes[METADATA] = { json: metadata }
    expect((await begin(browser)).status).toBe(200)
  })

  it.each<[string, object]>([
    ['has a script for an address', { ...metadata, authorization_endpoint: 'javascript:alert(1)' }],
    ['is that of another issuer', { ...metadata, issuer: 'https://evil.example' }],
    ['is no metadata', ['no', 'metadata']],
    ['has no token endpoint', { ...metadata, token_endpoint: undefined }],
  ])('that %s is of no use', async (_case, json) => {
    const { visit } = await start({ [METADATA]: { json } }, { issuer })
    expect((await begin(visit())).body.code).toBe('INVALID_OAUTH_CONFIGURATION')
  })

  it('is asked for with the headers of the options', async () => {
    const { server, visit } = await start({}, { discoveryHeaders: { 'x-key': 'secret' } })
    await begin(visit())
    expect(server.seen[0]?.headers['x-key']).toBe('secret')
  })

  it('turns PKCE on where the provider knows it, unless the options say otherwise', async () => {
    const json = { ...metadata, code_challenge_methods_supported: ['plain', 'S256'] }
    const asked = async (options: Partial<GenericOAuthConfig>, routes: Routes) => {
      const { visit } = await start(routes, options)
      return new URL((await begin(visit())).body.url ?? '').searchParams.get('code_challenge_method')
    }
    expect(await asked({}, { [METADATA]: { json } })).toBe('S256')
    expect(await asked({ pkce: false }, { [METADATA]: { json } })).toBeNull()
    expect(await asked({}, {})).toBeNull()
    expect(await asked({ pkce: true }, {})).toBe('S256')
  })

  it('inside the own network is not asked for in production [A17, control 45]', async () => {
    const config = [{ providerId: 'idp', clientId: 'CID', discoveryUrl: 'http://169.254.169.254/latest/meta-data' }]
    const { auth } = createTestAuth({ plugins: [genericOAuth({ config })] })
    const refused = await begin(visit(auth))
    expect([refused.status, refused.body.code]).toEqual([400, 'INVALID_OAUTH_CONFIGURATION'])
    expect(refused.text).not.toContain('169.254')
  })
})

describe('an id token that is signed with the secret of the client', () => {
  const secret = 'a client secret that is long enough'
  const published = { 'GET https://idp.example/jwks': { json: { keys: [] as object[] } } }
  const signInWith = async (document: object, options: Partial<GenericOAuthConfig> = {}, by = secret) => {
    const { jwk, publicKey } = await createSigningKey('public')
    published['GET https://idp.example/jwks'].json.keys = [jwk]
    const routes = { [METADATA]: { json: { ...metadata, ...document } }, ...published }
    const { server, visit, clock } = await start(routes, { clientSecret: secret, ...options })
    const browser = visit()
    const asked = new URL((await begin(browser)).body.url ?? '').searchParams
    const now = Math.floor(clock.now().getTime() / 1000)
    const person = { sub: '1', name: 'Ada', email: 'ada@example.com', email_verified: true }
    const claims = { iss: issuer, aud: 'CID', iat: now, exp: now + 600, nonce: asked.get('nonce'), ...person }
    const key = new TextEncoder().encode(by === 'public' ? await exportSPKI(publicKey) : by)
    const id_token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key)
    server.routes['POST https://idp.example/token'] = { json: { access_token: 'a', id_token } }
    const ended = await browser.get(`/oauth2/callback/idp?code=c&state=${asked.get('state')}`)
    return ended.headers.get('location')
  }
  const both = { id_token_signing_alg_values_supported: ['RS256', 'HS256'] }
  const only = { id_token_signing_alg_values_supported: ['HS256'] }
  const refused = 'http://localhost:3000/api/auth/error?error=user_info_is_missing'

  it('is good where the options or the metadata say so, and never because it says so itself [control 73]', async () => {
    expect(await signInWith(only)).toBe('/home')
    expect(await signInWith(both, { idTokenSignedResponseAlg: 'HS256' })).toBe('/home')
    expect(await signInWith(both)).toBe(refused)
    expect(await signInWith({})).toBe(refused)
    expect(await signInWith(only, { idTokenSignedResponseAlg: 'RS256' })).toBe(refused)
  })

  it('is not good by a key that others have [control 73]', async () => {
    expect(await signInWith(only, {}, 'another secret, which is long enough too')).toBe(refused)
    // The published key in the place of the secret: what a token that chooses its algorithm would be checked with.
    expect(await signInWith(only, {}, 'public')).toBe(refused)
    expect(await signInWith(both, {}, 'public')).toBe(refused)
  })
})

describe('a callback of a provider with metadata', () => {
  const callback = async (document: object, more = '', options: Partial<GenericOAuthConfig> = {}) => {
    const person = { sub: '1', name: 'Ada', email: 'ada@example.com' }
    const { visit } = await start(
      {
        [METADATA]: { json: { ...metadata, ...document } },
        'POST https://idp.example/token': { json: { access_token: 'a' } },
        'GET https://idp.example/me': { json: person },
      },
      options,
    )
    const browser = visit()
    const state = new URL((await begin(browser)).body.url ?? '').searchParams.get('state')
    return (await browser.get(`/oauth2/callback/idp?code=c&state=${state}${more}`)).headers.get('location')
  }
  const names = { authorization_response_iss_parameter_supported: true }
  const page = 'http://localhost:3000/api/auth/error?error='

  it('says who it is, where the metadata says that it does (RFC 9207) [control 73]', async () => {
    expect(await callback(names)).toBe(`${page}issuer_missing`)
    expect(await callback(names, '&iss=https://evil.example')).toBe(`${page}issuer_mismatch`)
    expect(await callback(names, `&iss=${issuer}`)).toBe('/home')
    expect(await callback({})).toBe('/home')
    expect(await callback(names, '', { requireIssuerValidation: false })).toBe('/home')
  })
})

describe('an id token of a provider with metadata', () => {
  const nonces = (url: string | undefined) => new URL(url ?? '').searchParams
  const signInWith = async (published: string, claims: object = {}, document: object = metadata) => {
    const key = await createSigningKey('first')
    const { server, visit, clock } = await start({
      [METADATA]: { json: document },
      'GET https://idp.example/jwks': { json: { keys: [(await createSigningKey(published)).jwk] } },
    })
    const browser = visit()
    const asked = nonces((await begin(browser)).body.url)
    const now = Math.floor(clock.now().getTime() / 1000)
    const person = { sub: '1', name: 'Ada', email: 'ada@example.com', email_verified: true }
    const all = { iss: issuer, aud: 'CID', iat: now, exp: now + 600, nonce: asked.get('nonce'), ...person, ...claims }
    server.routes['POST https://idp.example/token'] = {
      json: { access_token: 'a', id_token: await key.sign(all as never) },
    }
    const ended = await browser.get(`/oauth2/callback/idp?code=c&state=${asked.get('state')}`)
    return { location: ended.headers.get('location'), server }
  }
  const refused = 'http://localhost:3000/api/auth/error?error=user_info_is_missing'

  it('is verified with the keys that the metadata names [control 73]', async () => {
    const good = await signInWith('first')
    expect(good.location).toBe('/home')
    expect(requestsFor(good.server, `${issuer}/jwks`)).toBe(1)
    expect((await signInWith('second')).location).toBe(refused)
    expect((await signInWith('first', { iss: 'https://evil.example' })).location).toBe(refused)
  })

  it('may be of any tenant, where one document serves all, but of its own', async () => {
    const document = { ...metadata, issuer: `${issuer}/{tenantid}/v2` }
    expect((await signInWith('first', { iss: `${issuer}/acme/v2`, tid: 'acme' }, document)).location).toBe('/home')
    expect((await signInWith('first', { iss: `${issuer}/evil/v2`, tid: 'acme' }, document)).location).toBe(refused)
    expect((await signInWith('first', { iss: issuer }, document)).location).toBe(refused)
  })
})
