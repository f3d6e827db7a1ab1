import { createServer } from 'node:http'
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JwtOptions } from '../../../routers/jwt/index.ts'
import { claimsOf, issuer, startJwt } from './start.ts'

async function startWithKey(options: JwtOptions = {}) {
  // Stored as it is, so that the test can sign with it like a thief would.
  const test = await startJwt({ ...options, jwks: { ...options.jwks, disablePrivateKeyEncryption: true } })
  const good = await test.token()
  const [row] = await test.rows()
  const jwk = JSON.parse(String(row?.privateKey))
  const kid = String(row?.id)
  const key = await importJWK(jwk, 'EdDSA')
  const claims = claimsOf(good)
  const sign = (payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid, ...header }).sign(key)
  const verify = async (token: string, by?: string) =>
    (await test.caller().jwt.verify({ token, ...(by && { issuer: by }) })).payload
  return { ...test, good, kid, claims, sign, verify, publicJwk: JSON.parse(String(row?.publicKey)) }
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('verifying a token', () => {
  it('gives the claims of one that this instance signed', async () => {
    const { verify, good, claims, sign } = await startWithKey()
    expect(await verify(good)).toEqual(claims)
    expect(await verify(await sign(claims, { typ: 'JWT' }))).toEqual(claims)
  })

  it('gives them for another issuer, if that is asked for', async () => {
    const { verify, sign, claims } = await startWithKey()
    const token = await sign({ ...claims, iss: 'https://other.example' })
    expect([await verify(token), (await verify(token, 'https://other.example'))?.iss]).toEqual([
      null,
      'https://other.example',
    ])
  })
})

describe('a token is refused [control 62, A25]', () => {
  it('that is not what it was, or not a token', async () => {
    const { verify, good } = await startWithKey()
    const [header = '', payload = '', signature = ''] = good.split('.')
    const changed = part({ ...claimsOf(good), sub: 'someone-else' })
    const tokens = ['', '.', '..', '...', 'x', `${header}.${payload}`, `${header}.${payload}.`, `${good}.x`, `${good}=`]
    const mangled = [`${header}.${changed}.${signature}`, `${payload}.${header}.${signature}`, ` ${good}`]
    for (const token of [...tokens, ...mangled]) expect([token, await verify(token)]).toEqual([token, null])
  })

  it('with no algorithm, or with a shared key in the place of the public one', async () => {
    const { verify, good, kid, claims, publicJwk } = await startWithKey()
    const [, payload] = good.split('.')
    for (const alg of ['none', 'None', 'NONE', '']) expect(await verify(`${part({ alg, kid })}.${payload}.`)).toBeNull()
    const shared = [
      JSON.stringify(publicJwk),
      publicJwk.x,
      await exportSPKI((await importJWK(publicJwk, 'EdDSA')) as never),
    ]
    for (const secret of shared) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid })
        .sign(new TextEncoder().encode(secret.padEnd(32)))
      expect(await verify(token)).toBeNull()
    }
  })

  it('with another algorithm than its key has, though the key could do it', async () => {
    const test = await startJwt({ jwks: { keyPairConfig: { alg: 'RS256' }, disablePrivateKeyEncryption: true } })
    const claims = claimsOf(await test.token())
    const [row] = await test.rows()
    const sign = async (alg: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, kid: String(row?.id) })
        .sign(await importJWK({ ...JSON.parse(String(row?.privateKey)), alg }, alg))
    const verify = async (alg: string) => (await test.caller().jwt.verify({ token: await sign(alg) })).payload
    expect(await verify('RS256')).toEqual(claims)
    for (const alg of ['PS256', 'RS384', 'RS512']) expect([alg, await verify(alg)]).toEqual([alg, null])
  })

  it('whose key is named by a path, a query, another instance, or not at all', async () => {
    const { verify, sign, claims, auth } = await startWithKey()
    const other = await startWithKey()
    expect(await verify(other.good)).toBeNull()
    for (const kid of ['../../etc/passwd', '/dev/null', "' OR '1'='1", '__proto__', '', 'x'.repeat(5000)]) {
      expect([kid.slice(0, 20), await verify(await sign(claims, { kid }))]).toEqual([kid.slice(0, 20), null])
    }
    for (const kid of [{ $ne: null }, ['x'], 7, null]) {
      const [, payload, signature] = (await sign(claims)).split('.')
      expect(await verify(`${part({ alg: 'EdDSA', kid })}.${payload}.${signature}`)).toBeNull()
    }
    expect(await auth.context.adapter.count({ model: 'jwks' })).toBe(1)
  })

  it('that brings its own key, or says where one is', async () => {
    const { verify, kid, claims, sign } = await startWithKey()
    const own = await generateKeyPair('EdDSA', { extractable: true })
    const jwk = await exportJWK(own.publicKey)
    let fetched = 0
    const server = createServer((_request, response) => {
      fetched += 1
      response.end(JSON.stringify({ keys: [{ ...jwk, kid, alg: 'EdDSA' }] }))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/jwks.json`
    for (const brought of [{ jwk }, { jku: url }, { x5u: url }, { x5c: ['MIIB'] }]) {
      const forged = new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid, ...brought })
      expect(await verify(await forged.sign(own.privateKey))).toBeNull()
      expect(await verify(await sign(claims, brought))).toBeNull()
    }
    expect(fetched).toBe(0)
  })

  it('that is of another kind', async () => {
    const { verify, sign, claims } = await startWithKey()
    for (const typ of [
      'at+jwt',
      'application/at+jwt',
      'id',
      'id+jwt',
      'logout+jwt',
      'dpop+jwt',
      'secevent+jwt',
      'JOSE',
    ]) {
      expect([typ, await verify(await sign(claims, { typ }))]).toEqual([typ, null])
    }
    expect(await verify(await sign(claims, { crit: ['exp'], exp: 1 }).catch(() => 'not even made'))).toBeNull()
  })

  it('that is for others, of others, over, not yet valid, or says too little', async () => {
    const { verify, sign, claims, clock } = await startWithKey()
    const now = clock.now().getTime() / 1000
    const without = (name: string) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))
    const wrong = [
      { ...claims, aud: 'https://other.example' },
      { ...claims, aud: [] },
      { ...claims, iss: `${issuer}.evil.example` },
      { ...claims, iss: `${issuer}/` },
      { ...claims, exp: now },
      { ...claims, exp: now - 1 },
      { ...claims, nbf: now + 61 },
      { ...claims, exp: String(now + 900) as unknown as number },
      ...['exp', 'sub', 'iss', 'aud'].map(without),
    ]
    for (const payload of wrong) expect([payload, await verify(await sign(payload))]).toEqual([payload, null])
    const token = await sign(claims)
    clock.advance(899)
    expect(await verify(token)).not.toBeNull()
    clock.advance(1)
    expect(await verify(token)).toBeNull()
  })
})

it('with keys that are published elsewhere, tokens are verified with those', async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'remote', alg: 'ES256' }
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const remoteUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}/jwks.json`
  const { caller, token } = await startJwt({
    jwks: { remoteUrl, keyPairConfig: { alg: 'ES256' } },
    jwt: {
      sign: claims => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'remote' }).sign(pair.privateKey),
    },
  })
  const signed = await token()
  expect((await caller().jwt.verify({ token: signed })).payload?.email).toBe('ann@example.com')
  expect((await caller().jwt.verify({ token: `${signed.slice(0, -4)}AAAA` })).payload).toBeNull()
})
