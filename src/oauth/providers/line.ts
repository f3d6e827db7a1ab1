import type { JwtClaims } from '../../crypto/jwt-claims.ts'
import { primaryClientId } from '../client.ts'
import { defineProvider } from '../define-provider.ts'
import type { AskForJson } from '../definition.ts'
import { fieldsOf } from '../fields.ts'
import { OAuthError } from '../oauth-error.ts'
import type { OneClientOptions } from '../options.ts'

/** Claims of the id token, or the answer of the userinfo endpoint, which has the first of them. */
export interface LineProfile {
  sub: string
  name?: string
  picture?: string
  email?: string
  iss?: string
  aud?: string
  exp?: number
  iat?: number
  amr?: string[]
  nonce?: string
}

export interface LineOptions extends OneClientOptions<LineProfile> {}

const API = 'https://api.line.me/oauth2/v2.1'
const ISSUER = 'https://access.line.me'

/** LINE Login 2.1. Its id tokens of web sign-ins are signed with the channel secret, so LINE itself is asked about them. */
export const line = defineProvider<LineOptions>({
  id: 'line',
  name: 'LINE',
  endpoints: { authorization: `${ISSUER}/oauth2/v2.1/authorize`, token: `${API}/token` },
  scopes: ['openid', 'profile', 'email'],
  pkce: true,
  authorization: { takes: ['loginHint'] },
  idToken: {
    issuers: () => [ISSUER],
    sendsNonce: true,
    signsIn: true,
    ask: (token, nonce, { options, ask }) => askLine(token, { nonce, client: primaryClientId(options) ?? '' }, ask),
  },
  profile: async ({ idToken, ask }) => (await idToken()) ?? (await ask(`${API}/userinfo`)),
  // LINE does not say whether it verified the address.
  user: ({ sub, userId, name, displayName, email, picture, pictureUrl }) => ({
    id: sub ?? userId,
    name: name || displayName,
    email,
    image: picture || pictureUrl,
  }),
})

/** Signature and times are checked by LINE; whom the token is for, and the nonce, here as well. */
async function askLine(
  token: string,
  { nonce, client }: { nonce: string | undefined; client: string },
  ask: AskForJson,
): Promise<JwtClaims | null> {
  const body = new URLSearchParams({ id_token: token, client_id: client, ...(nonce !== undefined && { nonce }) })
  const answer = await ask(`${API}/verify`, { method: 'POST', body })
  const { status } = answer
  if (status >= 500) throw new OAuthError('PROVIDER_UNAVAILABLE', 'verify failed', { provider: 'line', status })
  const claims: JwtClaims = fieldsOf(answer.body)
  const isOurs = status === 200 && claims.iss === ISSUER && claims.aud === client && typeof claims.sub === 'string'
  // One that was asked for with a nonce is of no use without it.
  return isOurs && claims.nonce === nonce ? claims : null
}
