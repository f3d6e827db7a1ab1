import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface PayPalProfile {
  user_id: string
  name: string
  given_name: string
  family_name: string
  middle_name?: string
  picture?: string
  email: string
  email_verified: boolean
  gender?: string
  birthdate?: string
  zoneinfo?: string
  locale?: string
  phone_number?: string
  address?: {
    street_address?: string
    locality?: string
    region?: string
    postal_code?: string
    country?: string
  }
  verified_account?: boolean
  account_type?: string
  age_range?: string
  payer_id?: string
}

export interface PayPalOptions extends OneClientOptions<PayPalProfile> {
  /** Default `sandbox`. */
  environment?: 'sandbox' | 'live' | undefined
  requestShippingAddress?: boolean | undefined
}

const apiOf = ({ environment }: PayPalOptions) =>
  environment === 'live' ? 'https://api-m.paypal.com/v1' : 'https://api-m.sandbox.paypal.com/v1'

/** PayPal. What it tells about a user is chosen in its dashboard, so no scope is asked for by default. */
export const paypal = defineProvider<PayPalOptions>({
  id: 'paypal',
  name: 'PayPal',
  endpoints: options => ({
    authorization: `https://www.${options.environment === 'live' ? '' : 'sandbox.'}paypal.com/signin/authorize`,
    token: `${apiOf(options)}/oauth2/token`,
  }),
  scopes: [],
  pkce: true,
  authorization: { takes: ['prompt'] },
  token: { clientAuth: 'basic' },
  profile: fromUserInfo<PayPalOptions>(options => `${apiOf(options)}/identity/oauth2/userinfo?schema=paypalv1.1`),
  user: ({ user_id, name, email, email_verified, picture }) => ({
    id: user_id,
    name,
    email,
    emailVerified: email_verified,
    image: picture,
  }),
})
