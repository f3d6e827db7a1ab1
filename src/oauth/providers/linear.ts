import { defineProvider } from '../define-provider.ts'
import { fieldsOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'

export interface LinearUser {
  id: string
  name: string
  email: string
  avatarUrl?: string
  active: boolean
  createdAt: string
  updatedAt: string
}

export interface LinearOptions extends OneClientOptions<LinearUser> {}

const VIEWER = '{ viewer { id name email avatarUrl active createdAt updatedAt } }'

export const linear = defineProvider<LinearOptions>({
  id: 'linear',
  name: 'Linear',
  endpoints: { authorization: 'https://linear.app/oauth/authorize', token: 'https://api.linear.app/oauth/token' },
  scopes: ['read'],
  authorization: { takes: ['loginHint'] },
  profile: async ({ ask }) => {
    const answer = await ask('https://api.linear.app/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: VIEWER }),
    })
    const { viewer } = fieldsOf(answer.data)
    return viewer ? fieldsOf(viewer) : null
  },
  user: ({ id, name, email, avatarUrl }) => ({ id, name, email, image: avatarUrl }),
})
