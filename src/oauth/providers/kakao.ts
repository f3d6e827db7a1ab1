import { defineProvider } from '../define-provider.ts'
import { fieldsOf, isTrue } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

/** Every field has a companion `..._needs_agreement`, which says that the user was not asked for it. */
export interface KakaoAccount {
  profile?: {
    nickname?: string
    thumbnail_image_url?: string
    profile_image_url?: string
    is_default_image?: boolean
    is_default_nickname?: boolean
  }
  name?: string
  email?: string
  is_email_valid?: boolean
  is_email_verified?: boolean
  age_range?: string
  birthyear?: string
  birthday?: string
  birthday_type?: string
  is_leap_month?: boolean
  gender?: string
  phone_number?: string
  ci?: string
  ci_authenticated_at?: string
  [field: string]: unknown
}

export interface KakaoProfile {
  id: number
  has_signed_up?: boolean
  connected_at?: string
  synched_at?: string
  properties?: Record<string, unknown>
  kakao_account: KakaoAccount
  for_partner?: { uuid?: string }
}

export interface KakaoOptions extends OneClientOptions<KakaoProfile> {}

export const kakao = defineProvider<KakaoOptions>({
  id: 'kakao',
  name: 'Kakao',
  endpoints: {
    authorization: 'https://kauth.kakao.com/oauth/authorize',
    token: 'https://kauth.kakao.com/oauth/token',
  },
  scopes: ['account_email', 'profile_image', 'profile_nickname'],
  profile: fromUserInfo('https://kapi.kakao.com/v2/user/me'),
  user: ({ id, kakao_account }) => {
    const account = fieldsOf(kakao_account)
    const profile = fieldsOf(account.profile)
    return {
      id,
      name: profile.nickname || account.name,
      email: account.email,
      // Valid as well: an address that was verified may have gone to another account since.
      emailVerified: isTrue(account.is_email_valid) && isTrue(account.is_email_verified),
      image: profile.profile_image_url || profile.thumbnail_image_url,
    }
  },
})
