import { createAppleClientSecret } from '../apple-client-secret.ts'
import { clientIdsOf, primaryClientId } from '../client.ts'
import { defineProvider } from '../define-provider.ts'
import type { SocialProviderOptions } from '../options.ts'

/** Claims of Apple's id token, with the name that its form carries at the first sign-in. */
export interface AppleProfile {
  sub: string
  email?: string
  email_verified: boolean | 'true' | 'false'
  is_private_email: boolean
  real_user_status: number
  name: string
  picture: string
}

/** A ready client secret, or the key that one is made with. */
export interface AppleOptions extends SocialProviderOptions<AppleProfile> {
  teamId?: string | undefined
  keyId?: string | undefined
  /** The `.p8` file's contents. */
  privateKey?: string | undefined
  /** The native app's bundle id, which its id tokens are meant for. */
  appBundleIdentifier?: string | undefined
  /** Whom id tokens that a client brings may be meant for, instead of the client ids. */
  audience?: string | readonly string[] | undefined
}

const ISSUER = 'https://appleid.apple.com'

/** Sign in with Apple: answers by a form, tells the name once, and wants a signed client secret. */
export const apple = defineProvider<AppleOptions>({
  id: 'apple',
  name: 'Apple',
  endpoints: { authorization: `${ISSUER}/auth/authorize`, token: `${ISSUER}/auth/token` },
  scopes: ['email', 'name'],
  required: ({ teamId, keyId, privateKey }) =>
    teamId || keyId || privateKey ? ['clientId', 'teamId', 'keyId', 'privateKey'] : ['clientId', 'clientSecret'],
  authorization: { responseType: 'code id_token', responseMode: 'form_post' },
  token: {
    clientSecret: ({ clientSecret, teamId = '', keyId = '', privateKey, ...options }, now) => {
      if (!privateKey) return clientSecret ?? ''
      return createAppleClientSecret({ clientId: primaryClientId(options) ?? '', teamId, keyId, privateKey }, now)
    },
  },
  idToken: {
    issuers: () => [ISSUER],
    keySet: () => `${ISSUER}/auth/keys`,
    algorithms: ['RS256'],
    audiences: ({ audience = [], appBundleIdentifier, ...options }) => {
      const chosen = [audience].flat()
      if (chosen.length > 0) return chosen
      return appBundleIdentifier ? [appBundleIdentifier] : clientIdsOf(options)
    },
    sendsNonce: true,
    allowsHashedNonce: true,
    // Its documents: the claim says that this system could not carry a nonce.
    mayLackNonce: ({ nonce_supported }) => nonce_supported === false || nonce_supported === 'false',
    signsIn: true,
  },
  profile: async ({ request, idToken }) => {
    const claims = await idToken()
    const { firstName = '', lastName = '' } = request.user?.name ?? {}
    return claims && { ...claims, name: `${firstName} ${lastName}`.trim() || (claims.name ?? '') }
  },
  user: claims => ({
    id: claims.sub,
    name: claims.name,
    email: claims.email,
    emailVerified: claims.email_verified,
  }),
})
