import type { JwtClaims } from '../../crypto/jwt-claims.ts'
import { defineProvider } from '../define-provider.ts'
import type { AskForJson, ProfileCall } from '../definition.ts'
import { fieldsOf, isTrue, textOf } from '../fields.ts'
import { callProvider } from '../json-call.ts'
import { OAuthError } from '../oauth-error.ts'
import type { SocialProviderOptions } from '../options.ts'

export interface MicrosoftEntraIDProfile {
  aud: string
  iss: string
  idp: string
  preferred_username: string
  email?: string
  name: string
  nonce: string
  picture: string
  oid: string
  roles: string[]
  sub: string
  tid: string
  sid: string
  uti: string
  acct: 0 | 1
  groups: string
  login_hint: string
  upn: string
  verified_primary_email: string[]
  verified_secondary_email: string[]
  email_verified?: boolean
  xms_edov: boolean
  family_name: string
  given_name: string
  [claim: string]: unknown
}

export interface MicrosoftOptions extends SocialProviderOptions<MicrosoftEntraIDProfile> {
  /** A tenant's id or domain, or `common` (default), `organizations`, `consumers`. */
  tenantId?: string | undefined
  /** Default `https://login.microsoftonline.com`; that of an external tenant is `https://<name>.ciamlogin.com`. */
  authority?: string | undefined
  /** Pixels; default 48. */
  profilePhotoSize?: 48 | 64 | 96 | 120 | 240 | 360 | 432 | 504 | 648 | undefined
  disableProfilePhoto?: boolean | undefined
}

const PUBLIC_CLOUD = 'https://login.microsoftonline.com'
const SCOPES = ['openid', 'profile', 'email', 'User.Read', 'offline_access']
/** The tenant of personal accounts. */
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad'
const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Microsoft Entra ID and personal accounts. Without a client secret it is a public client, which PKCE protects. */
export const microsoft = defineProvider<MicrosoftOptions>({
  id: 'microsoft',
  name: 'Microsoft EntraID',
  endpoints: options => ({
    authorization: `${tenantAddress(options)}/oauth2/v2.0/authorize`,
    token: `${tenantAddress(options)}/oauth2/v2.0/token`,
  }),
  scopes: SCOPES,
  pkce: true,
  required: () => ['clientId'],
  authorization: { takes: ['loginHint', 'prompt'] },
  token: {
    refreshParameters: ({ disableDefaultScope, scope = [] }) => ({
      scope: [...(disableDefaultScope ? [] : SCOPES), ...scope].join(' '),
    }),
  },
  idToken: {
    // Each tenant issues its own: which one is known from the token.
    issuers: () => [],
    keySet: options => `${tenantAddress(options)}/discovery/v2.0/keys`,
    algorithms: ['RS256'],
    accepts: isOfTenant,
    sendsNonce: true,
    signsIn: true,
  },
  profile: async call => {
    const claims = await call.idToken()
    if (!claims) return null
    const picture = await photoOf(call)
    return { ...claims, ...(picture && { picture }) }
  },
  user: claims => ({
    id: claims.sub,
    name: claims.name,
    email: claims.email,
    emailVerified: isVerified(claims),
    image: claims.picture,
  }),
})

function tenantAddress({ authority, tenantId }: MicrosoftOptions): string {
  return `${(authority || PUBLIC_CLOUD).replace(/\/+$/, '')}/${tenantId || 'common'}`
}

/** Whether the issuer is the tenant that the token names, and that one is among those which may sign in. */
async function isOfTenant(
  { iss, tid }: JwtClaims,
  { options, ask }: { options: MicrosoftOptions; ask: AskForJson },
): Promise<boolean> {
  if (typeof tid !== 'string' || !GUID.test(tid)) return false
  const tenant = options.tenantId || 'common'
  if (tenant === 'organizations' && tid === CONSUMERS) return false
  if (tenant === 'consumers' && tid !== CONSUMERS) return false
  return iss === (await issuerOf(options, ask)).replace('{tenantid}', tid)
}

/** The issuer, in which `{tenantid}` stands for any tenant's id. */
async function issuerOf(options: MicrosoftOptions, ask: AskForJson): Promise<string> {
  const tenant = options.tenantId || 'common'
  const isKnown = tenantAddress(options).startsWith(`${PUBLIC_CLOUD}/`)
  if (isKnown && GUID.test(tenant)) return `${PUBLIC_CLOUD}/${tenant}/v2.0`
  if (isKnown && ['common', 'organizations', 'consumers'].includes(tenant)) return `${PUBLIC_CLOUD}/{tenantid}/v2.0`
  // A tenant by its domain, or another cloud: only its own document (OpenID Connect Discovery) says what it is called.
  const { status, body } = await ask(`${tenantAddress(options)}/v2.0/.well-known/openid-configuration`)
  const issuer = textOf(fieldsOf(body).issuer)
  if (status === 200 && issuer) return issuer
  throw new OAuthError('PROVIDER_UNAVAILABLE', 'its configuration cannot be read', { provider: 'microsoft', status })
}

/** `email` itself is whatever the tenant's administrator wrote there. */
function isVerified({ email, email_verified, ...claims }: Record<string, unknown>): boolean {
  if (email_verified !== undefined) return isTrue(email_verified)
  const verified = [claims.verified_primary_email, claims.verified_secondary_email].flat()
  return typeof email === 'string' && verified.includes(email)
}

/** The photo as a data address; nothing when there is none or it may not be read. */
async function photoOf({ request, options, fetch }: ProfileCall<MicrosoftOptions>): Promise<string | undefined> {
  const { profilePhotoSize: size = 48, disableProfilePhoto } = options
  if (disableProfilePhoto || !request.accessToken) return undefined
  const url = `https://graph.microsoft.com/v1.0/me/photos/${size}x${size}/$value`
  const headers = { authorization: `Bearer ${request.accessToken}` }
  const response = await callProvider(url, { headers }, { provider: 'microsoft', fetch }).catch((error: unknown) => {
    if (!(error instanceof OAuthError)) throw error
  })
  if (response?.status !== 200) return undefined
  return `data:image/jpeg;base64,${Buffer.from(await response.arrayBuffer()).toString('base64')}`
}
