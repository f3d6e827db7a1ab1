import { beforeAll, describe, expect, it } from 'vitest'
import type { UserInfoRequest } from '../../src/oauth/provider.ts'
import type { Fixture, Person } from './fixtures/fixture.ts'
import { FIXTURES } from './fixtures/index.ts'
import { failureOf, makeProvider, PROVIDER_IDS } from './make-provider.ts'
import { type Answer, type Routes, startProviders } from './provider-server.ts'
import { createSigningKey, type SigningKey } from './signing-key.ts'

let key: SigningKey
beforeAll(async () => {
  key = await createSigningKey('key-1')
})

const NONCE = 'the-nonce'
const verified: Person = { email: 'alice@example.com', isVerified: true }
const unverified: Person = { email: 'alice@example.com', isVerified: false }
const withoutEmail: Person = { email: undefined, isVerified: false }

async function routesOf(fixture: Fixture, person: Person): Promise<Routes> {
  const profile = Object.entries(fixture.profile(person)).map(([route, body]): [string, Answer] => [
    route,
    Buffer.isBuffer(body) ? { text: body } : { json: body },
  ])
  const tokens = fixture.idToken
    ? { ...fixture.tokens, id_token: await idTokenOf(fixture.idToken, person) }
    : fixture.tokens
  return {
    ...Object.fromEntries(profile),
    [`${fixture.clientAuth === 'query' ? 'GET' : 'POST'} ${fixture.tokenURL}`]: { json: tokens },
    ...(fixture.idToken?.keySet && { [`GET ${fixture.idToken.keySet}`]: { json: { keys: [key.jwk] } } }),
  }
}

function idTokenOf({ claims }: NonNullable<Fixture['idToken']>, person: Person): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return key.sign({ aud: 'CID', iat: now, exp: now + 600, nonce: NONCE, ...claims(person) })
}

const appleUser = { name: { firstName: 'Alice', lastName: 'Liddell' }, email: 'mallory@example.com' }

describe.each(PROVIDER_IDS)('profile of %s', id => {
  const fixture = FIXTURES[id]
  const signIn = async (person: Person, options: object = {}, changed: Routes = {}) => {
    const server = await startProviders({ ...(await routesOf(fixture, person)), ...changed })
    const provider = makeProvider(id, options)
    const tokens = await provider.exchangeCode({ code: 'CODE', redirectURI: 'https://app.example/cb' }, server.fetch)
    const request: UserInfoRequest = { ...tokens, nonce: NONCE, ...(id === 'apple' && { user: appleUser }) }
    return { server, info: await provider.userInfo(request, server.fetch) }
  }
  const knowsVerified = (person: Person) =>
    !fixture.tellsNoEmail && Boolean(person.email) && fixture.verification !== 'untold'

  it.each([
    ['a verified address', verified],
    ['an unverified address', unverified],
    ['no address', withoutEmail],
  ])('with %s', async (_, person) => {
    const { info, server } = await signIn(person)
    expect(info?.user).toEqual({
      ...fixture.user,
      email: fixture.tellsNoEmail ? null : (person.email ?? null),
      emailVerified: knowsVerified(person) && (fixture.verification === 'always' || person.isVerified),
    })
    expect(info?.data).toBeTypeOf('object')
    const profileCalls = server.seen.filter(({ url }) => url !== fixture.tokenURL && url !== fixture.idToken?.keySet)
    for (const { headers, query } of profileCalls) {
      if (id === 'wechat') expect(query).toMatchObject({ access_token: 'ACCESS', openid: 'OPENID' })
      else expect(headers.authorization).toBe('Bearer ACCESS')
    }
  })

  it('is changed by mapProfileToUser', async () => {
    const seen: unknown[] = []
    const mapProfileToUser = (profile: object) => {
      seen.push(profile)
      return { name: 'Mapped', email: 'other@example.com', plan: 'pro', image: undefined }
    }
    const { info } = await signIn(verified, { mapProfileToUser })
    // An address that the provider did not tell is not verified by it.
    expect(info?.user).toEqual({
      ...fixture.user,
      name: 'Mapped',
      email: 'other@example.com',
      emailVerified: false,
      plan: 'pro',
    })
    expect(seen).toEqual([info?.data])
    const trusting = await signIn(verified, {
      mapProfileToUser: () => ({ email: 'o@example.com', emailVerified: true }),
    })
    expect(trusting.info?.user).toMatchObject({ email: 'o@example.com', emailVerified: true })
  })

  it('is replaced by getUserInfo of the application', async () => {
    const getUserInfo = async () => ({
      user: { id: 7, name: 'Own', emailVerified: true, team: 'x' },
      data: { own: true },
    })
    const { info } = await signIn(verified, { getUserInfo })
    expect(info).toMatchObject({
      user: { id: '7', name: 'Own', email: null, emailVerified: false, team: 'x' },
      data: { own: true },
    })
  })
})

const byAddress = PROVIDER_IDS.filter(id => !FIXTURES[id].idToken)

describe.each(byAddress)('profile of %s from its address', id => {
  const fixture = FIXTURES[id]
  const [route = ''] = Object.keys(fixture.profile(verified))
  const ask = async (answer: Answer) => {
    const { fetch } = await startProviders({ ...(await routesOf(fixture, verified)), [route]: answer })
    return makeProvider(id).userInfo({ accessToken: 'ACCESS', raw: fixture.tokens }, fetch)
  }

  it.each([
    ['a refusal', { status: 401, json: { error: 'invalid_token' } }, 'PROFILE_REFUSED'],
    ['malformed JSON', { text: '{"id":' }, 'PROFILE_INVALID'],
    ['a text', { json: 'alice' }, 'PROFILE_INVALID'],
    ['500', { status: 503, json: {} }, 'PROVIDER_UNAVAILABLE'],
    ['two megabytes', { text: `{"id":"${'x'.repeat(2 ** 21)}"}` }, 'PROVIDER_UNAVAILABLE'],
  ] as const)('fails after %s', async (_, answer, code) => {
    const failure = await failureOf(ask(answer))
    expect(failure).toMatchObject({ code, provider: id })
    expect(failure.message).not.toContain('ACCESS')
  })

  it.each([
    ['nothing', {}],
    ['a list', []],
    ['an error with status 200', { ok: false, error: 'invalid_auth', errcode: 40001, resultcode: '024' }],
    ['a subject that is none', { id: null, sub: '', user_id: {}, account_id: Number.NaN, openid: true }],
  ])('is nobody after %s', async (_, json) => {
    expect(await ask({ json })).toBeNull()
  })
})

describe.each(PROVIDER_IDS.filter(id => FIXTURES[id].idToken))('profile of %s from its id token', id => {
  it('is nobody without one', async () => {
    const { fetch } = await startProviders()
    const asked = makeProvider(id).userInfo({ accessToken: 'ACCESS' }, fetch)
    if (id === 'cognito') expect((await failureOf(asked)).code).toBe('PROFILE_REFUSED')
    else expect(await asked).toBeNull()
  })

  it('is not believed with another nonce', async () => {
    const server = await startProviders(await routesOf(FIXTURES[id], verified))
    const provider = makeProvider(id)
    const tokens = await provider.exchangeCode({ code: 'CODE', redirectURI: 'https://app.example/cb' }, server.fetch)
    const failure = await failureOf(provider.userInfo({ ...tokens, nonce: 'another' }, server.fetch))
    expect(failure).toMatchObject({ code: 'ID_TOKEN_INVALID', provider: id })
  })
})
