import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface FigmaProfile {
  id: string
  email: string
  handle: string
  img_url: string
}

export interface FigmaOptions extends OneClientOptions<FigmaProfile> {}

export const figma = defineProvider<FigmaOptions>({
  id: 'figma',
  name: 'Figma',
  endpoints: { authorization: 'https://www.figma.com/oauth', token: 'https://api.figma.com/v1/oauth/token' },
  scopes: ['current_user:read'],
  pkce: true,
  token: { clientAuth: 'basic' },
  profile: fromUserInfo('https://api.figma.com/v1/me'),
  user: ({ id, handle, email, img_url }) => ({ id, name: handle, email, image: img_url }),
})
