import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { type JwtOptions, jwt } from '../../../routers/jwt/index.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'

export const issuer = 'http://localhost:3000'

/** An instance in memory with the plugin, somebody signed in, and what a service that trusts it would do. */
export async function startJwt(options: JwtOptions = {}, more: Parameters<typeof createTestAuth>[0] = {}) {
  const test = createTestAuth({ ...more, plugins: [jwt(options)] })
  const browser = visit(test.auth)
  await browser.post('/sign-up/email', { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' })
  const token = async () => String((await browser.get('/token')).body.token)
  const jwks = async () => JSON.parse((await browser.get('/jwks')).text) as JSONWebKeySet
  const kids = async () => (await jwks()).keys.map(({ kid }) => kid)
  const verifyAt = async (signed: string, keys: JSONWebKeySet): Promise<JWTPayload> =>
    (await jwtVerify(signed, createLocalJWKSet(keys), { issuer, audience: issuer, currentDate: test.clock.now() }))
      .payload
  const rows = () => test.auth.context.adapter.findMany({ model: 'jwks', where: [] })
  const caller = () => test.auth.caller()
  return { ...test, browser, token, jwks, kids, verifyAt, rows, caller }
}

export function kidOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
}

export function claimsOf(token: string): JWTPayload & Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}
