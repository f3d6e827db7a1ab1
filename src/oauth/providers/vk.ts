import { primaryClientId } from '../client.ts'
import { defineProvider } from '../define-provider.ts'
import { fieldsOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'

export interface VkProfile {
  user: {
    user_id: string
    first_name: string
    last_name: string
    email?: string
    phone?: number
    avatar?: string
    sex?: number
    verified?: boolean
    birthday: string
  }
}

export interface VkOptions extends OneClientOptions<VkProfile> {
  scheme?: 'light' | 'dark' | undefined
}

/** VK ID. Its callback carries a `device_id`, without which the code is not accepted. */
export const vk = defineProvider<VkOptions>({
  id: 'vk',
  name: 'VK',
  endpoints: { authorization: 'https://id.vk.com/authorize', token: 'https://id.vk.com/oauth2/auth' },
  scopes: ['email', 'phone'],
  pkce: true,
  token: { takesDeviceId: true },
  profile: ({ request, options, ask }) =>
    ask('https://id.vk.com/oauth2/user_info', {
      method: 'POST',
      body: new URLSearchParams({
        access_token: request.accessToken ?? '',
        client_id: primaryClientId(options) ?? '',
      }),
    }),
  user: profile => {
    const { user_id, first_name, last_name, email, avatar } = fieldsOf(profile.user)
    // `verified` is about the person, not about the address.
    return { id: user_id, name: [first_name, last_name].filter(Boolean).join(' '), email, image: avatar }
  },
})
