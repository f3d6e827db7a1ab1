import { defineProvider } from '../define-provider.ts'
import { fieldsOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'

export interface NotionProfile {
  object: 'user'
  id: string
  type: 'person' | 'bot'
  name?: string
  avatar_url?: string
  person?: { email?: string }
}

export interface NotionOptions extends OneClientOptions<NotionProfile> {}

/** Notion, whose tokens belong to a bot that acts for the user who installed it. */
export const notion = defineProvider<NotionOptions>({
  id: 'notion',
  name: 'Notion',
  endpoints: {
    authorization: 'https://api.notion.com/v1/oauth/authorize',
    token: 'https://api.notion.com/v1/oauth/token',
  },
  scopes: [],
  authorization: { takes: ['loginHint'], parameters: () => ({ owner: 'user' }) },
  token: { clientAuth: 'basic' },
  profile: async ({ ask }) => {
    const { bot } = await ask('https://api.notion.com/v1/users/me', { headers: { 'notion-version': '2022-06-28' } })
    const { user } = fieldsOf(fieldsOf(bot).owner)
    return user ? fieldsOf(user) : null
  },
  user: ({ id, name, person, avatar_url }) => ({ id, name, email: fieldsOf(person).email, image: avatar_url }),
})
