import { defineProvider } from '../define-provider.ts'
import { fieldsOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'

export interface NaverProfile {
  /** `00` when all is well. */
  resultcode: string
  message: string
  response: {
    id: string
    nickname: string
    name: string
    email: string
    gender: string
    age: string
    birthday: string
    birthyear: string
    profile_image: string
    mobile: string
  }
}

export interface NaverOptions extends OneClientOptions<NaverProfile> {}

export const naver = defineProvider<NaverOptions>({
  id: 'naver',
  name: 'Naver',
  endpoints: {
    authorization: 'https://nid.naver.com/oauth2.0/authorize',
    token: 'https://nid.naver.com/oauth2.0/token',
  },
  scopes: ['profile', 'email'],
  profile: async ({ ask }) => {
    const profile = await ask('https://openapi.naver.com/v1/nid/me')
    return profile.resultcode === '00' ? profile : null
  },
  user: ({ response }) => {
    const { id, name, nickname, email, profile_image } = fieldsOf(response)
    return { id, name: name || nickname, email, image: profile_image }
  },
})
