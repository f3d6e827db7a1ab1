import { createHash } from 'node:crypto'
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import type { SocialProviderId } from '../../src/oauth/providers/index.ts'
import { failureOf, makeProvider } from './make-provider.ts'
import { type Routes, startProviders } from './provider-server.ts'
import { createSigningKey } from './signing-key.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const seconds = Math.floor(NOW.getTime() / 1000)
const usual = { aud: 'CID', sub: 'alice', iat: seconds, exp: seconds + 600 }

/** A provider whose key set has one key, and ways to ask it about tokens signed with that key. */
async function withKey(id: SocialProviderId, keySet: string, options: object = {}, routes: Routes = {}) {
  const key = await createSigningKey('k1')
  const server = await startProviders({ [`GET ${keySet}`]: { json: { keys: [key.jwk] } }, ...routes })
  const provider = makeProvider(id, options, { now: () => NOW })
  const verify = async (claims: object, nonce?: string) =>
    provider.verifyIdToken?.(await key.sign({ ...usual, ...claims }), nonce, server.fetch)
  return { key, server, provider, verify }
}

describe('apple', () => {
  const KEYS = 'https://appleid.apple.com/auth/keys'
  const iss = 'https://appleid.apple.com'

  it('makes the client secret from the key', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const pem = await exportPKCS8(privateKey)
    for (const text of [pem, pem.replaceAll('\n', '\\n')]) {
      const options = { clientSecret: undefined, teamId: 'TEAM', keyId: 'KEY', privateKey: text }
      const json = { access_token: 'ACCESS' }
      const server = await startProviders({ 'POST https://appleid.apple.com/auth/token': { json } })
      const provider = makeProvider('apple', options, { now: () => NOW })
      await provider.exchangeCode({ code: 'CODE', redirectURI: 'https://app.example/cb' }, server.fetch)
      await provider.refreshTokens?.('OLD', server.fetch)
      for (const { form } of server.seen) {
        const { payload, protectedHeader } = await jwtVerify(form.client_secret ?? '', publicKey, { currentDate: NOW })
        expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'KEY' })
        expect(payload).toEqual({ iss: 'TEAM', sub: 'CID', aud: iss, iat: seconds, exp: seconds + 300 })
      }
    }
  })

  it('takes a ready client secret, too', async () => {
    const server = await startProviders({
      'POST https://appleid.apple.com/auth/token': { json: { access_token: 'A' } },
    })
    await makeProvider('apple').exchangeCode({ code: 'CODE', redirectURI: 'https://app.example/cb' }, server.fetch)
    expect(server.seen[0]?.form.client_secret).toBe('CS')
  })

  it('takes tokens for the bundle, or for the audience', async () => {
    const bundle = await withKey('apple', KEYS, { appBundleIdentifier: 'com.example.app' })
    expect(await bundle.verify({ iss, aud: 'com.example.app' })).not.toBeNull()
    expect(await bundle.verify({ iss })).toBeNull()
    const chosen = await withKey('apple', KEYS, { appBundleIdentifier: 'com.example.app', audience: ['a', 'b'] })
    expect(await chosen.verify({ iss, aud: 'b' })).not.toBeNull()
    expect(await chosen.verify({ iss, aud: 'com.example.app' })).toBeNull()
    // By redirect it is the client's own, whatever native apps use.
    const idToken = await chosen.key.sign({ ...usual, iss })
    expect((await chosen.provider.userInfo({ idToken }, chosen.server.fetch))?.user.id).toBe('alice')
  })

  it('takes a nonce that the app hashed, and none where the system could not carry it', async () => {
    const { verify } = await withKey('apple', KEYS)
    const hashed = createHash('sha256').update('N').digest('hex')
    expect(await verify({ iss, nonce: hashed }, 'N')).not.toBeNull()
    expect(await verify({ iss, nonce: 'N' }, hashed)).toBeNull()
    expect(await verify({ iss, nonce_supported: false }, 'N')).not.toBeNull()
    expect(await verify({ iss, nonce_supported: true }, 'N')).toBeNull()
    expect(await verify({ iss }, 'N')).toBeNull()
  })

  it('believes the form about the name, and about nothing else', async () => {
    const { key, provider, server } = await withKey('apple', KEYS)
    const idToken = await key.sign({ ...usual, iss, email: 'alice@example.com', email_verified: 'true' })
    const user = { name: { firstName: 'Alice' }, email: 'mallory@example.com' }
    expect((await provider.userInfo({ idToken, user }, server.fetch))?.user).toMatchObject({
      name: 'Alice',
      email: 'alice@example.com',
      emailVerified: true,
    })
    expect((await provider.userInfo({ idToken }, server.fetch))?.user.name).toBe('')
  })
})

describe('google', () => {
  const KEYS = 'https://www.googleapis.com/oauth2/v3/certs'
  const iss = 'https://accounts.google.com'

  it('lets only users of the hosted domain in', async () => {
    const one = await withKey('google', KEYS, { hd: 'example.com' })
    expect(await one.verify({ iss, hd: 'example.com' })).not.toBeNull()
    expect(await one.verify({ iss, hd: 'evil.example' })).toBeNull()
    expect(await one.verify({ iss })).toBeNull()
    const idToken = await one.key.sign({ ...usual, iss })
    expect((await failureOf(one.provider.userInfo({ idToken }, one.server.fetch))).code).toBe('ID_TOKEN_INVALID')
    const any = await withKey('google', KEYS, { hd: '*' })
    expect(await any.verify({ iss, hd: 'example.com' })).not.toBeNull()
    expect(await any.verify({ iss })).toBeNull()
  })
})

describe('microsoft', () => {
  const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47'
  const OTHER = '11111111-2222-3333-4444-555555555555'
  const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad'
  const cloud = 'https://login.microsoftonline.com'
  const of = (tid: string, issued = tid) => ({ iss: `${cloud}/${issued}/v2.0`, tid })
  const keys = (tenant: string, authority = cloud) => `${authority}/${tenant}/discovery/v2.0/keys`

  it('takes any tenant by default, but only in its own name', async () => {
    const { verify } = await withKey('microsoft', keys('common'))
    expect(await verify(of(TENANT))).not.toBeNull()
    expect(await verify(of(CONSUMERS))).not.toBeNull()
    expect(await verify(of(TENANT, OTHER))).toBeNull()
    expect(await verify({ iss: of(TENANT).iss })).toBeNull()
    expect(await verify({ iss: `${cloud}/../v2.0`, tid: '..' })).toBeNull()
    expect(await verify({ iss: `https://evil.example/${TENANT}/v2.0`, tid: TENANT })).toBeNull()
  })

  it('tells organizations and consumers apart', async () => {
    const organizations = await withKey('microsoft', keys('organizations'), { tenantId: 'organizations' })
    expect(await organizations.verify(of(TENANT))).not.toBeNull()
    expect(await organizations.verify(of(CONSUMERS))).toBeNull()
    const consumers = await withKey('microsoft', keys('consumers'), { tenantId: 'consumers' })
    expect(await consumers.verify(of(CONSUMERS))).not.toBeNull()
    expect(await consumers.verify(of(TENANT))).toBeNull()
  })

  it('takes one tenant only, by its id', async () => {
    const { verify } = await withKey('microsoft', keys(TENANT), { tenantId: TENANT })
    expect(await verify(of(TENANT))).not.toBeNull()
    expect(await verify(of(OTHER))).toBeNull()
  })

  it('asks who a tenant is that is named by its domain, or lives in another cloud', async () => {
    const named = (tenant: string, authority: string, issuer: string) =>
      withKey(
        'microsoft',
        keys(tenant, authority),
        { tenantId: tenant, authority },
        {
          [`GET ${authority}/${tenant}/v2.0/.well-known/openid-configuration`]: { json: { issuer } },
        },
      )
    const domain = await named('contoso.com', cloud, `${cloud}/${TENANT}/v2.0`)
    expect(await domain.verify(of(TENANT))).not.toBeNull()
    expect(await domain.verify(of(OTHER))).toBeNull()
    const external = await named(
      'common',
      'https://contoso.ciamlogin.com',
      `https://${TENANT}.ciamlogin.com/${TENANT}/v2.0`,
    )
    expect(await external.verify({ iss: `https://${TENANT}.ciamlogin.com/${TENANT}/v2.0`, tid: TENANT })).not.toBeNull()
    expect(await external.verify(of(TENANT))).toBeNull()
    const government = await named(
      'common',
      'https://login.microsoftonline.us',
      'https://login.microsoftonline.us/{tenantid}/v2.0',
    )
    expect(
      await government.verify({ iss: `https://login.microsoftonline.us/${TENANT}/v2.0`, tid: TENANT }),
    ).not.toBeNull()
    const silent = await withKey('microsoft', keys('contoso.com'), { tenantId: 'contoso.com' })
    expect((await failureOf(silent.verify(of(TENANT)))).code).toBe('PROVIDER_UNAVAILABLE')
  })

  it('believes an address only when the tenant verified it, and does without a photo', async () => {
    const { key, provider, server } = await withKey('microsoft', keys('common'))
    const userOf = async (claims: object) => {
      const idToken = await key.sign({ ...usual, ...of(TENANT), email: 'alice@example.com', ...claims })
      return (await provider.userInfo({ idToken, accessToken: 'ACCESS' }, server.fetch))?.user
    }
    expect(await userOf({})).toMatchObject({ emailVerified: false, image: undefined })
    expect(await userOf({ verified_primary_email: ['bob@example.com'] })).toMatchObject({ emailVerified: false })
    expect(await userOf({ verified_secondary_email: ['alice@example.com'] })).toMatchObject({ emailVerified: true })
    expect(await userOf({ email_verified: false, verified_primary_email: ['alice@example.com'] })).toMatchObject({
      emailVerified: false,
    })
    const asked = server.seen.filter(({ url }) => url.startsWith('https://graph.microsoft.com/'))
    expect(asked[0]?.url).toBe('https://graph.microsoft.com/v1.0/me/photos/48x48/$value')
    const without = makeProvider('microsoft', { disableProfilePhoto: true }, { now: () => NOW })
    const before = server.seen.length
    await without.userInfo(
      { idToken: await key.sign({ ...usual, ...of(TENANT) }), accessToken: 'ACCESS' },
      server.fetch,
    )
    expect(server.seen.slice(before).map(({ url }) => url)).toEqual([keys('common')])
  })

  it('is a public client without a secret', async () => {
    const token = `${cloud}/common/oauth2/v2.0/token`
    const server = await startProviders({ [`POST ${token}`]: { json: { access_token: 'ACCESS' } } })
    const provider = makeProvider('microsoft', { clientSecret: undefined })
    expect(provider.missing).toEqual([])
    await provider.exchangeCode(
      { code: 'CODE', codeVerifier: 'V', redirectURI: 'https://app.example/cb' },
      server.fetch,
    )
    expect(server.seen[0]?.form).toMatchObject({ client_id: 'CID', code_verifier: 'V' })
    expect(server.seen[0]?.form.client_secret).toBeUndefined()
  })
})

describe('cognito', () => {
  const pool = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool'

  it('takes no access token for an id token', async () => {
    const { verify } = await withKey('cognito', `${pool}/.well-known/jwks.json`)
    expect(await verify({ iss: pool, token_use: 'id' })).not.toBeNull()
    expect(await verify({ iss: pool, token_use: 'access' })).toBeNull()
    expect(await verify({ iss: pool.replace('_pool', '_other'), token_use: 'id' })).toBeNull()
  })

  it('verifies nothing when its pool is not configured', async () => {
    const { verify, server } = await withKey('cognito', `${pool}/.well-known/jwks.json`, { userPoolId: '' })
    expect(await verify({ iss: pool, token_use: 'id' })).toBeNull()
    expect(server.seen).toEqual([])
  })

  it('asks for the profile where there is no id token', async () => {
    const json = { sub: 'alice', username: 'al', email: 'alice@example.com', email_verified: 'true' }
    const { fetch } = await startProviders({ 'GET https://cog.example.com/oauth2/userinfo': { json } })
    const info = await makeProvider('cognito').userInfo({ accessToken: 'ACCESS' }, fetch)
    expect(info?.user).toMatchObject({ id: 'alice', name: 'al', emailVerified: true })
  })
})

describe('facebook', () => {
  const debug = 'GET https://graph.facebook.com/debug_token'
  const me = { 'GET https://graph.facebook.com/me': { json: { id: '42', name: 'Alice', email: 'a@example.com' } } }
  const answer = (data: object) => ({ [debug]: { json: { data } } })
  const start = async (routes: Routes) => {
    const server = await startProviders({ ...me, ...routes })
    const provider = makeProvider('facebook', { clientId: ['CID', 'ios'] })
    return { server, verify: () => provider.verifyIdToken?.('opaque', undefined, server.fetch), provider }
  }

  it('takes an access token of its own apps for an id token', async () => {
    const { verify, provider, server } = await start(answer({ is_valid: true, app_id: 'ios', user_id: '42' }))
    expect(await verify()).toEqual({ sub: '42', aud: 'ios' })
    expect(server.seen[0]?.query).toEqual({ input_token: 'opaque', access_token: 'CID|CS' })
    const info = await provider.userInfo({ idToken: 'opaque', accessToken: 'of another app' }, server.fetch)
    expect(info?.user).toMatchObject({ id: '42', emailVerified: false })
    const asked = server.seen.filter(({ url }) => url.endsWith('/me'))
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer opaque'])
  })

  it.each([
    ['of another app', { is_valid: true, app_id: 'another', user_id: '42' }],
    ['that is not valid', { is_valid: false, app_id: 'CID', user_id: '42' }],
    ['of nobody', { is_valid: true, app_id: 'CID' }],
    ['of no app', { is_valid: true, user_id: '42' }],
    ['that is unknown', {}],
  ])('refuses one %s', async (_, data) => {
    const { verify, provider, server } = await start(answer(data))
    expect(await verify()).toBeNull()
    expect((await failureOf(provider.userInfo({ idToken: 'opaque' }, server.fetch))).code).toBe('ID_TOKEN_INVALID')
    expect(server.seen.some(({ url }) => url.endsWith('/me'))).toBe(false)
  })

  it('says when it could not ask', async () => {
    const { verify } = await start({ [debug]: { status: 500 } })
    expect((await failureOf(verify() ?? Promise.resolve())).code).toBe('PROVIDER_UNAVAILABLE')
    const refusing = await start({ [debug]: { status: 400, json: { error: { code: 190 } } } })
    expect(await refusing.verify()).toBeNull()
  })

  it('takes id tokens of Limited Login', async () => {
    const keySet = 'https://limited.facebook.com/.well-known/oauth/openid/jwks/'
    const { key, verify, provider, server } = await withKey('facebook', keySet)
    const iss = 'https://www.facebook.com'
    expect(await verify({ iss, nonce: 'N' }, 'N')).not.toBeNull()
    expect(await verify({ iss, nonce: 'N' }, 'M')).toBeNull()
    expect(await verify({ iss, aud: 'another' })).toBeNull()
    const idToken = await key.sign({
      ...usual,
      iss,
      name: 'Alice',
      email: 'a@example.com',
      email_verified: true,
      picture: 'https://p.example/',
    })
    const info = await provider.userInfo({ idToken }, server.fetch)
    expect(info?.user).toEqual({
      id: 'alice',
      name: 'Alice',
      email: 'a@example.com',
      emailVerified: false,
      image: 'https://p.example/',
    })
  })

  it('asks for the fields of the options', async () => {
    const { server } = await start({})
    await makeProvider('facebook', { fields: ['birthday'] }).userInfo({ accessToken: 'ACCESS' }, server.fetch)
    expect(server.seen[0]?.query.fields).toBe('id,name,email,picture,birthday')
  })
})

describe('line', () => {
  const good = {
    iss: 'https://access.line.me',
    aud: 'CID',
    sub: 'U1',
    name: 'Alice',
    email: 'a@example.com',
    nonce: 'N',
  }
  const verify = 'POST https://api.line.me/oauth2/v2.1/verify'

  it('asks LINE about id tokens', async () => {
    const server = await startProviders({ [verify]: { json: good } })
    const provider = makeProvider('line')
    expect(await provider.verifyIdToken?.('TOKEN', 'N', server.fetch)).toEqual(good)
    expect(server.seen[0]?.form).toEqual({ id_token: 'TOKEN', client_id: 'CID', nonce: 'N' })
    const info = await provider.userInfo({ idToken: 'TOKEN', nonce: 'N' }, server.fetch)
    expect(info?.user).toMatchObject({ id: 'U1', name: 'Alice', email: 'a@example.com', emailVerified: false })
  })

  it.each([
    ['LINE refuses', { status: 400, json: { error: 'invalid_request' } }],
    ['the audience is another', { json: { ...good, aud: 'another' } }],
    ['the issuer is another', { json: { ...good, iss: 'another' } }],
    ['the nonce is another', { json: { ...good, nonce: 'M' } }],
    ['the nonce is missing', { json: { ...good, nonce: undefined } }],
    ['there is no subject', { json: { ...good, sub: undefined } }],
    ['the answer is no JSON', { text: 'ok' }],
  ])('refuses when %s', async (_, answer) => {
    const { fetch } = await startProviders({ [verify]: answer })
    expect(await makeProvider('line').verifyIdToken?.('TOKEN', 'N', fetch)).toBeNull()
    expect((await failureOf(makeProvider('line').userInfo({ idToken: 'TOKEN', nonce: 'N' }, fetch))).code).toBe(
      'ID_TOKEN_INVALID',
    )
  })

  it('refuses a token with a nonce that nobody mentions', async () => {
    const { fetch } = await startProviders({ [verify]: { json: good } })
    expect(await makeProvider('line').verifyIdToken?.('TOKEN', undefined, fetch)).toBeNull()
  })
})

describe('single providers', () => {
  it('github: a public address counts as verified only when it is in the list', async () => {
    const userOf = async (profile: object, emails: Routes[string]) => {
      const routes = { 'GET https://api.github.com/user': { json: { id: 1, login: 'a', ...profile } } }
      const { fetch } = await startProviders({ ...routes, 'GET https://api.github.com/user/emails': emails })
      return (await makeProvider('github').userInfo({ accessToken: 'ACCESS' }, fetch))?.user
    }
    const list = { json: [{ email: 'a@example.com', primary: true, verified: true }] }
    expect(await userOf({ email: 'public@example.com' }, list)).toMatchObject({ emailVerified: false })
    expect(await userOf({ email: 'a@example.com' }, list)).toMatchObject({ emailVerified: true })
    expect(await userOf({ email: 'a@example.com' }, { status: 403 })).toMatchObject({ emailVerified: false })
    expect(await userOf({ email: null }, { status: 403 })).toMatchObject({ email: null, emailVerified: false })
  })

  it('gitlab: users who are blocked or locked do not get in', async () => {
    for (const state of [{ state: 'blocked' }, { state: 'active', locked: true }, {}]) {
      const { fetch } = await startProviders({ 'GET https://gitlab.com/api/v4/user': { json: { id: 1, ...state } } })
      expect(await makeProvider('gitlab').userInfo({ accessToken: 'ACCESS' }, fetch)).toBeNull()
    }
  })

  it('twitter: the address is that of the same user, or none', async () => {
    const me = (second: object, status = 200) => ({
      'GET https://api.x.com/2/users/me': ({ query }: { query: Record<string, string> }) =>
        query['user.fields'] === 'confirmed_email'
          ? { status, json: second }
          : { json: { data: { id: '1', name: 'Alice', username: 'alice' } } },
    })
    const userOf = async (routes: Routes) => {
      const { fetch } = await startProviders(routes)
      return (await makeProvider('twitter').userInfo({ accessToken: 'ACCESS' }, fetch))?.user
    }
    const own = { data: { id: '1', confirmed_email: 'a@example.com' } }
    expect(await userOf(me(own))).toMatchObject({ email: 'a@example.com', emailVerified: true })
    expect(await userOf(me({ data: { ...own.data, id: '2' } }))).toMatchObject({ email: null, emailVerified: false })
    expect(await userOf(me({}, 403))).toMatchObject({ id: '1', email: null, emailVerified: false })
  })

  it('discord: has an image without an avatar, too', async () => {
    const imageOf = async (profile: object) => {
      const { fetch } = await startProviders({ 'GET https://discord.com/api/users/@me': { json: profile } })
      return (await makeProvider('discord').userInfo({ accessToken: 'ACCESS' }, fetch))?.user.image
    }
    const at = (name: string) => `https://cdn.discordapp.com/${name}.png`
    const id = '80351110224678912'
    expect(await imageOf({ id, avatar: 'abc', discriminator: '0' })).toBe(at(`avatars/${id}/abc`))
    expect(await imageOf({ id, avatar: null, discriminator: '1337' })).toBe(at('embed/avatars/2'))
    expect(await imageOf({ id, avatar: null, discriminator: '0' })).toBe(
      at(`embed/avatars/${(BigInt(id) >> 22n) % 6n}`),
    )
    expect(await imageOf({ id, avatar: null })).toBe(at('embed/avatars/0'))
    expect(await imageOf({ id: 'x', avatar: null })).toBeUndefined()
  })

  it('kakao: an address that is not valid any more is not verified', async () => {
    const kakao_account = { email: 'a@example.com', is_email_valid: false, is_email_verified: true }
    const { fetch } = await startProviders({
      'GET https://kapi.kakao.com/v2/user/me': { json: { id: 1, kakao_account } },
    })
    const info = await makeProvider('kakao').userInfo({ accessToken: 'ACCESS' }, fetch)
    expect(info?.user).toMatchObject({ email: 'a@example.com', emailVerified: false })
  })

  it('paypal and salesforce: live and sandbox are different servers', async () => {
    const { fetch, seen } = await startProviders()
    await failureOf(makeProvider('paypal', { environment: 'live' }).userInfo({ accessToken: 'A' }, fetch))
    await failureOf(makeProvider('salesforce', { environment: 'sandbox' }).userInfo({ accessToken: 'A' }, fetch))
    await failureOf(
      makeProvider('salesforce', { loginUrl: 'https://x.my.salesforce.com/' }).refreshTokens?.('R', fetch) ??
        Promise.resolve(),
    )
    expect(seen.map(({ url }) => url)).toEqual([
      'https://api-m.paypal.com/v1/identity/oauth2/userinfo',
      'https://test.salesforce.com/services/oauth2/userinfo',
      'https://x.my.salesforce.com/services/oauth2/token',
    ])
  })

  it('linear, notion and vk ask in their own ways', async () => {
    const { fetch, seen } = await startProviders()
    for (const id of ['linear', 'notion', 'vk'] as const) {
      await failureOf(makeProvider(id).userInfo({ accessToken: 'ACCESS' }, fetch))
    }
    expect(JSON.parse(seen[0]?.body ?? '').query).toContain('viewer')
    expect(seen[1]?.headers['notion-version']).toBe('2022-06-28')
    expect(seen[2]?.form).toEqual({ access_token: 'ACCESS', client_id: 'CID' })
  })

  it('a script is no picture, and a name no address', async () => {
    const json = { id: 1, login: 'alice', email: 'alice', avatar_url: 'javascript:alert(1)' }
    const { fetch } = await startProviders({ 'GET https://api.github.com/user': { json } })
    const info = await makeProvider('github').userInfo({ accessToken: 'ACCESS' }, fetch)
    expect(info?.user).toEqual({ id: '1', name: 'alice', email: null, emailVerified: false, image: undefined })
  })

  it('a subject that a number cannot hold is nobody', async () => {
    const text = '{"id":9007199254740993,"login":"alice"}'
    const { fetch } = await startProviders({ 'GET https://api.github.com/user': { text } })
    expect(await makeProvider('github').userInfo({ accessToken: 'ACCESS' }, fetch)).toBeNull()
  })
})
