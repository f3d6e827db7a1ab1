import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromIdToken } from '../profile-sources.ts'

export interface PaybinProfile {
  sub: string
  email: string
  email_verified?: boolean
  name?: string
  preferred_username?: string
  picture?: string
  given_name?: string
  family_name?: string
}

export interface PaybinOptions extends OneClientOptions<PaybinProfile> {
  /** Default `https://idp.paybin.io`. */
  issuer?: string | undefined
}

const issuerOf = ({ issuer }: PaybinOptions) => issuer || 'https://idp.paybin.io'

export const paybin = defineProvider<PaybinOptions>({
  id: 'paybin',
  name: 'Paybin',
  endpoints: options => ({
    authorization: `${issuerOf(options)}/oauth2/authorize`,
    token: `${issuerOf(options)}/oauth2/token`,
  }),
  scopes: ['openid', 'email', 'profile'],
  pkce: true,
  authorization: { takes: ['loginHint', 'prompt'] },
  // Where its keys are is not published, so id tokens are only taken from the token endpoint.
  idToken: { issuers: options => [issuerOf(options)], sendsNonce: true },
  profile: fromIdToken(),
  user: ({ sub, name, preferred_username, email, email_verified, picture }) => ({
    id: sub,
    name: name || preferred_username,
    email,
    emailVerified: email_verified,
    image: picture,
  }),
})
