import { createHmac } from 'node:crypto'
import { exportSPKI, importJWK, type JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import type { SocialProviderId } from '../../src/oauth/providers/index.ts'
import { FIXTURES } from './fixtures/index.ts'
import { failureOf, makeProvider } from './make-provider.ts'
import { type Answer, startProviders } from './provider-server.ts'
import { createSigningKey, type SigningKey } from './signing-key.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const seconds = Math.floor(NOW.getTime() / 1000)
const KEYS = FIXTURES.google.idToken?.keySet ?? ''
const claims: JWTPayload = {
  iss: 'https://accounts.google.com',
  aud: 'CID',
  sub: 'alice',
  iat: seconds,
  exp: seconds + 600,
  email: 'alice@example.com',
  email_verified: true,
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

async function startGoogle(keys: SigningKey[], options: object = {}, more: object = {}) {
  const published = { keys: keys.map(({ jwk }) => jwk) }
  const server = await startProviders({ [`GET ${KEYS}`]: () => ({ json: published }) })
  const provider = makeProvider('google', options, { now: () => NOW, ...more })
  const verify = (token: string, nonce?: string) => provider.verifyIdToken?.(token, nonce, server.fetch)
  return { server, provider, verify, published }
}

describe('id token that a client brings', () => {
  it('is accepted when all is right', async () => {
    const key = await createSigningKey('k1')
    const { verify } = await startGoogle([key])
    expect(await verify(await key.sign(claims))).toMatchObject({ sub: 'alice' })
    expect(await verify(await key.sign({ ...claims, iss: 'accounts.google.com' }))).toMatchObject({ sub: 'alice' })
    expect(await verify(await key.sign({ ...claims, nonce: 'N' }), 'N')).toMatchObject({ nonce: 'N' })
  })

  it('is accepted for each of several client ids', async () => {
    const key = await createSigningKey('k1')
    const { verify } = await startGoogle([key], { clientId: ['web', 'ios'] })
    expect(await verify(await key.sign({ ...claims, aud: 'ios' }))).toMatchObject({ aud: 'ios' })
    expect(await verify(await key.sign({ ...claims, aud: ['web', 'ios'], azp: 'ios' }))).toMatchObject({ azp: 'ios' })
    expect(await verify(await key.sign({ ...claims, aud: 'android' }))).toBeNull()
  })

  const wrong: [string, JWTPayload][] = [
    ['another audience', { aud: 'another' }],
    ['no audience', { aud: undefined }],
    ['an empty audience', { aud: [] }],
    ['several audiences and no authorized party', { aud: ['CID', 'another'] }],
    ['several audiences and a foreign authorized party', { aud: ['CID', 'another'], azp: 'another' }],
    ['another issuer', { iss: 'https://accounts.google.com.evil.example' }],
    ['an issuer with a slash more', { iss: 'https://accounts.google.com/' }],
    ['no issuer', { iss: undefined }],
    ['an end in the past', { exp: seconds - 61 }],
    ['no end', { exp: undefined }],
    ['a beginning in the future', { nbf: seconds + 61 }],
    ['an issue in the future', { iat: seconds + 61 }],
    ['an issue long ago', { iat: seconds - 3661 }],
    ['no issue', { iat: undefined }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
  ]
  it.each(wrong)('is refused with %s', async (_, changes) => {
    const key = await createSigningKey('k1')
    const { verify } = await startGoogle([key])
    expect(await verify(await key.sign({ ...claims, ...changes }))).toBeNull()
  })

  it('is accepted when clocks are less than a minute apart', async () => {
    const key = await createSigningKey('k1')
    const { verify } = await startGoogle([key])
    expect(await verify(await key.sign({ ...claims, exp: seconds - 50 }))).not.toBeNull()
    expect(await verify(await key.sign({ ...claims, nbf: seconds + 50, iat: seconds + 50 }))).not.toBeNull()
  })

  it('is refused with another nonce, or none', async () => {
    const key = await createSigningKey('k1')
    const { verify } = await startGoogle([key])
    expect(await verify(await key.sign({ ...claims, nonce: 'M' }), 'N')).toBeNull()
    expect(await verify(await key.sign(claims), 'N')).toBeNull()
    expect(await verify(await key.sign({ ...claims, nonce: 'N' }), '')).toBeNull()
    expect(await verify(await key.sign({ ...claims, nonce: ['N'] }), 'N')).toBeNull()
  })

  it('is refused unsigned, however `none` is written', async () => {
    const key = await createSigningKey('k1')
    const { verify, server } = await startGoogle([key])
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      expect(await verify(`${base64url({ alg, kid: 'k1' })}.${base64url(claims)}.`)).toBeNull()
    }
    expect(await verify(`${base64url({ kid: 'k1' })}.${base64url(claims)}.`)).toBeNull()
    expect(server.seen).toEqual([])
  })

  it('is refused when signed with the public key as a shared secret', async () => {
    const key = await createSigningKey('k1')
    const { verify } = await startGoogle([key])
    const publicKey = (await importJWK(key.jwk, 'RS256')) as CryptoKey
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(key.jwk), key.jwk.n ?? '', 'CS']) {
      const signed = `${base64url({ alg: 'HS256', kid: 'k1' })}.${base64url(claims)}`
      const signature = createHmac('sha256', secret).update(signed).digest('base64url')
      expect(await verify(`${signed}.${signature}`)).toBeNull()
    }
  })

  it('is refused when it brings its own key, or says where one is', async () => {
    const [key, mine] = [await createSigningKey('k1'), await createSigningKey('mine')]
    const { verify, server } = await startGoogle([key])
    const headers = [
      { jwk: mine.jwk },
      { jwk: mine.jwk, kid: 'k1' },
      { jku: 'https://evil.example/jwks' },
      { x5u: 'https://evil.example/x5u' },
      { kid: '../../../../dev/null' },
      { kid: "k1' OR '1'='1" },
    ]
    for (const header of headers) expect(await verify(await mine.sign(claims, header))).toBeNull()
    expect(server.seen.every(({ url }) => url === KEYS)).toBe(true)
  })

  it('is refused when it is a token of another kind, or changed', async () => {
    const key = await createSigningKey('k1')
    const { verify } = await startGoogle([key])
    for (const typ of ['at+jwt', 'logout+jwt', 'dpop+jwt', 'id']) {
      expect(await verify(await key.sign(claims, { typ }))).toBeNull()
    }
    const [head, , signature] = (await key.sign(claims)).split('.')
    expect(await verify(`${head}.${base64url({ ...claims, sub: 'bob' })}.${signature}`)).toBeNull()
    for (const text of ['', '.', '..', 'a.b.c', 'opaque', `${head}.${signature}`, '\u0000', 'e30.e30.e30']) {
      expect(await verify(text)).toBeNull()
    }
  })

  it('is refused with an algorithm that the provider does not use', async () => {
    const key = await createSigningKey('k1', 'ES256')
    const { verify } = await startGoogle([key])
    expect(await verify(await key.sign(claims))).toBeNull()
  })
})

describe('keys of a provider', () => {
  it('are fetched once, and anew when they were rotated', async () => {
    const [first, second] = [await createSigningKey('k1'), await createSigningKey('k2')]
    const { verify, server, published } = await startGoogle([first], {}, { keyCooldownSeconds: 0 })
    for (let i = 0; i < 3; i++) expect(await verify(await first.sign(claims))).not.toBeNull()
    expect(server.seen).toHaveLength(1)
    published.keys = [second.jwk]
    expect(await verify(await second.sign(claims))).not.toBeNull()
    expect(server.seen).toHaveLength(2)
    // The old one is gone.
    expect(await verify(await first.sign(claims))).toBeNull()
  })

  it('are not fetched again and again for made-up key ids', async () => {
    const [key, made] = [await createSigningKey('k1'), await createSigningKey('made-up')]
    const { verify, server } = await startGoogle([key])
    for (let i = 0; i < 20; i++) expect(await verify(await made.sign(claims, { kid: `made-up-${i}` }))).toBeNull()
    expect(server.seen).toHaveLength(1)
    expect(await verify(await key.sign(claims))).not.toBeNull()
  })

  it('belong to one instance', async () => {
    const key = await createSigningKey('k1')
    const { server, verify } = await startGoogle([key])
    await verify(await key.sign(claims))
    const other = makeProvider('google', {}, { now: () => NOW })
    await other.verifyIdToken?.(await key.sign(claims), undefined, server.fetch)
    expect(server.seen).toHaveLength(2)
  })

  it.each<[string, Answer]>([
    ['500', { status: 500 }],
    ['404', { status: 404 }],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/jwks' } }],
    ['malformed JSON', { text: '{"keys":[' }],
    ['something else', { json: { error: 'gone' } }],
    ['two megabytes', { text: `{"keys":["${'x'.repeat(2 ** 21)}"]}` }],
  ])('that cannot be had because of %s are no fault of the token', async (_, answer) => {
    const key = await createSigningKey('k1')
    const { fetch } = await startProviders({ [`GET ${KEYS}`]: answer })
    const provider = makeProvider('google', {}, { now: () => NOW })
    const failure = await failureOf(
      provider.verifyIdToken?.(await key.sign(claims), undefined, fetch) ?? Promise.resolve(),
    )
    expect(failure).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', provider: 'google' })
  })

  it('may be of kinds that are unknown here', async () => {
    const key = await createSigningKey('k1')
    const json = { keys: [{ kty: 'PQC', kid: 'k0' }, { kty: 'RSA', kid: 'broken' }, key.jwk] }
    const { fetch } = await startProviders({ [`GET ${KEYS}`]: { json } })
    const provider = makeProvider('google', {}, { now: () => NOW })
    expect(await provider.verifyIdToken?.(await key.sign(claims), undefined, fetch)).not.toBeNull()
    expect(await provider.verifyIdToken?.(await key.sign(claims, { kid: 'broken' }), undefined, fetch)).toBeNull()
  })
})

describe('id tokens by redirect', () => {
  it('are verified before they are a profile, and only read when they were before', async () => {
    const key = await createSigningKey('k1')
    const { provider, server } = await startGoogle([key])
    const old = await key.sign({ ...claims, exp: seconds - 86_400, iat: seconds - 90_000 })
    expect(await failureOf(provider.userInfo({ idToken: old }, server.fetch))).toMatchObject({
      code: 'ID_TOKEN_INVALID',
    })
    const stored = await provider.userInfo({ idToken: old, idTokenVerified: true }, server.fetch)
    expect(stored?.user).toMatchObject({ id: 'alice', email: 'alice@example.com', emailVerified: true })
  })

  it('are taken from the token endpoint alone where keys are not published', async () => {
    const now = () => NOW
    const provider = makeProvider('paybin', {}, { now })
    const key = await createSigningKey('k1')
    const good = { ...claims, iss: 'https://idp.paybin.io' }
    const { fetch, seen } = await startProviders()
    expect(provider.verifyIdToken).toBeUndefined()
    expect((await provider.userInfo({ idToken: await key.sign(good) }, fetch))?.user.id).toBe('alice')
    for (const wrong of [
      { iss: 'x' },
      { aud: 'x' },
      { exp: seconds - 61 },
      { iat: seconds + 61 },
      { nbf: seconds + 61 },
    ]) {
      const idToken = await key.sign({ ...good, ...wrong })
      expect((await failureOf(provider.userInfo({ idToken }, fetch))).code).toBe('ID_TOKEN_INVALID')
    }
    expect(seen).toEqual([])
  })

  it('are verified by the application where it says so', async () => {
    const key = await createSigningKey('k1')
    const asked: unknown[] = []
    const verifyIdToken = (token: string, nonce?: string) => {
      asked.push([token, nonce])
      return token.startsWith('ey')
    }
    const provider = makeProvider('google', { verifyIdToken })
    const { fetch } = await startProviders()
    const token = await key.sign({ sub: 'bob', iss: 'anyone' })
    expect(await provider.verifyIdToken?.(token, 'N', fetch)).toMatchObject({ sub: 'bob' })
    expect(asked).toEqual([[token, 'N']])
    expect(await provider.verifyIdToken?.('opaque', undefined, fetch)).toBeNull()
    expect((await provider.userInfo({ idToken: token }, fetch))?.user.id).toBe('bob')
  })

  it('are refused when they are disabled', async () => {
    const key = await createSigningKey('k1')
    const { verify } = await startGoogle([key], { disableIdTokenSignIn: true, verifyIdToken: () => true })
    expect(await verify(await key.sign(claims))).toBeNull()
  })

  it('can be brought to six providers', () => {
    const ids = Object.keys(FIXTURES).filter(id => makeProvider(id as SocialProviderId).verifyIdToken)
    expect(ids.toSorted()).toEqual(['apple', 'cognito', 'facebook', 'google', 'line', 'microsoft'])
  })
})
