import { defineProvider } from '../define-provider.ts'
import { textOf } from '../fields.ts'
import type { SocialProviderOptions } from '../options.ts'
import { fromIdToken } from '../profile-sources.ts'

export interface GoogleProfile {
  aud: string
  azp: string
  email: string
  email_verified: boolean
  exp: number
  family_name: string
  given_name: string
  hd?: string
  iat: number
  iss: string
  jti?: string
  locale?: string
  name: string
  nbf?: number
  picture: string
  sub: string
}

export interface GoogleOptions extends SocialProviderOptions<GoogleProfile> {
  /** `offline` for a refresh token. */
  accessType?: 'offline' | 'online' | undefined
  display?: 'page' | 'popup' | 'touch' | 'wap' | undefined
  /** The Workspace domain that users must belong to; `*` for any. */
  hd?: string | undefined
}

export const google = defineProvider<GoogleOptions>({
  id: 'google',
  name: 'Google',
  endpoints: {
    authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
  },
  scopes: ['email', 'profile', 'openid'],
  pkce: true,
  authorization: {
    takes: ['loginHint', 'prompt', 'display'],
    parameters: ({ hd, accessType, display }) => ({
      hd: hd || undefined,
      access_type: accessType,
      display,
      include_granted_scopes: 'true',
    }),
  },
  idToken: {
    issuers: () => ['https://accounts.google.com', 'accounts.google.com'],
    keySet: () => 'https://www.googleapis.com/oauth2/v3/certs',
    algorithms: ['RS256'],
    // The parameter only chooses what its page shows; anybody can take it out of the address.
    accepts: ({ hd }, { options }) => !options.hd || (options.hd === '*' ? Boolean(textOf(hd)) : hd === options.hd),
    sendsNonce: true,
    signsIn: true,
  },
  profile: fromIdToken(),
  user: ({ sub, name, email, email_verified, picture }) => ({
    id: sub,
    name,
    email,
    emailVerified: email_verified,
    image: picture,
  }),
})
