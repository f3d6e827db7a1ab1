import { defineProvider } from '../define-provider.ts'
import { fieldsOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface SalesforceProfile {
  sub: string
  user_id: string
  organization_id: string
  preferred_username?: string
  email: string
  email_verified?: boolean
  name: string
  given_name?: string
  family_name?: string
  zoneinfo?: string
  photos?: { picture?: string; thumbnail?: string }
}

export interface SalesforceOptions extends OneClientOptions<SalesforceProfile> {
  /** Default `production`. */
  environment?: 'sandbox' | 'production' | undefined
  /** Host of one's own domain, such as `shop.my.salesforce.com`. */
  loginUrl?: string | undefined
}

function servicesOf({ environment, loginUrl }: SalesforceOptions): string {
  const host = loginUrl?.replace(/^https?:\/\//, '').replace(/\/+$/, '')
  return `https://${host || (environment === 'sandbox' ? 'test.salesforce.com' : 'login.salesforce.com')}/services/oauth2`
}

export const salesforce = defineProvider<SalesforceOptions>({
  id: 'salesforce',
  name: 'Salesforce',
  endpoints: options => ({
    authorization: `${servicesOf(options)}/authorize`,
    token: `${servicesOf(options)}/token`,
  }),
  scopes: ['openid', 'email', 'profile'],
  pkce: true,
  profile: fromUserInfo<SalesforceOptions>(options => `${servicesOf(options)}/userinfo`),
  user: ({ user_id, name, email, email_verified, photos }) => ({
    id: user_id,
    name,
    email,
    emailVerified: email_verified,
    image: fieldsOf(photos).picture || fieldsOf(photos).thumbnail,
  }),
})
