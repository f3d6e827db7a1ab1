import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { AuthorizationRequest, Client } from './authorization-request.ts'
import type { Person } from './people.ts'

const codeLifeMilliseconds = 60_000
const tokenLifeSeconds = 3600

type Grant = { person: Person; request: AuthorizationRequest; expiresAt: number }
type TokenRequest = Partial<Record<string, string>>

export type Tokens = {
  keys(): { keys: JWK[] }
  /** A code for somebody who agreed: works once, for a minute. */
  issueCode(person: Person, request: AuthorizationRequest): string
  /** @returns `null` for a client, code or verifier that is not right */
  exchange(form: TokenRequest): Promise<object | null>
}

/** Codes and id tokens of the bundled provider. Its key lasts as long as the process. */
export async function createTokens(issuer: string, client: Client): Promise<Tokens> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const kid = randomBytes(8).toString('hex')
  const key = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }
  const grants = new Map<string, Grant>()

  const idToken = ({ person, request }: Grant) =>
    new SignJWT({
      nonce: request.nonce,
      name: person.name,
      email: person.email,
      email_verified: person.emailVerified,
    })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(issuer)
      .setAudience(client.id)
      .setSubject(person.id)
      .setIssuedAt()
      .setExpirationTime(`${tokenLifeSeconds}s`)
      .sign(privateKey)

  return {
    keys: () => ({ keys: [key] }),
    issueCode: (person, request) => {
      for (const [code, { expiresAt }] of grants) if (expiresAt < Date.now()) grants.delete(code)
      const code = randomBytes(24).toString('base64url')
      grants.set(code, { person, request, expiresAt: Date.now() + codeLifeMilliseconds })
      return code
    },
    exchange: async form => {
      const grant = grants.get(form.code ?? '')
      grants.delete(form.code ?? '')
      if (!grant || grant.expiresAt < Date.now() || !isFor(grant, form, client)) return null
      const id_token = await idToken(grant)
      const access_token = randomBytes(24).toString('base64url')
      return { access_token, token_type: 'Bearer', expires_in: tokenLifeSeconds, scope: grant.request.scope, id_token }
    },
  }
}

function isFor({ request }: Grant, form: TokenRequest, client: Client): boolean {
  const challenge = sha256(form.code_verifier ?? '').toString('base64url')
  return (
    form.grant_type === 'authorization_code' &&
    form.client_id === client.id &&
    timingSafeEqual(sha256(form.client_secret ?? ''), sha256(client.secret)) &&
    form.redirect_uri === request.redirect_uri &&
    challenge === request.code_challenge
  )
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
