import { defineProvider } from '../define-provider.ts'
import { fieldsOf, isTrue, type JsonFields, textOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'

export interface GithubProfile {
  login: string
  id: string
  node_id: string
  avatar_url: string
  gravatar_id: string
  url: string
  html_url: string
  followers_url: string
  following_url: string
  gists_url: string
  starred_url: string
  subscriptions_url: string
  organizations_url: string
  repos_url: string
  events_url: string
  received_events_url: string
  type: string
  site_admin: boolean
  name: string
  company: string
  blog: string
  location: string
  email: string | null
  /** Whether `email` is one that GitHub verified; from the list of addresses. */
  email_verified?: boolean
  hireable: boolean
  bio: string
  twitter_username: string
  public_repos: string
  public_gists: string
  followers: string
  following: string
  created_at: string
  updated_at: string
  private_gists: string
  total_private_repos: string
  owned_private_repos: string
  disk_usage: string
  collaborators: string
  two_factor_authentication: boolean
  plan: { name: string; space: string; private_repos: string; collaborators: string }
}

export interface GithubOptions extends OneClientOptions<GithubProfile> {}

const API = 'https://api.github.com'

/** GitHub. The profile shows a public address only; which ones are verified is in a list of its own. */
export const github = defineProvider<GithubOptions>({
  id: 'github',
  name: 'GitHub',
  endpoints: {
    authorization: 'https://github.com/login/oauth/authorize',
    token: 'https://github.com/login/oauth/access_token',
  },
  scopes: ['read:user', 'user:email'],
  pkce: true,
  authorization: { takes: ['loginHint', 'prompt'] },
  profile: async ({ ask, tryToAsk }) => {
    const profile = await ask(`${API}/user`)
    return { ...profile, ...emailOf(profile, await tryToAsk(`${API}/user/emails`)) }
  },
  user: ({ id, name, login, email, email_verified, avatar_url }) => ({
    id,
    name: name || login,
    email,
    emailVerified: email_verified,
    image: avatar_url,
  }),
})

/** The public address, else the primary one, and whether it is verified. */
function emailOf(profile: JsonFields, list: unknown): { email: string | null; email_verified: boolean } {
  const emails = Array.isArray(list) ? list.map(fieldsOf) : []
  const primary = emails.find(entry => isTrue(entry.primary)) ?? emails[0]
  const email = textOf(profile.email) ?? textOf(primary?.email) ?? null
  const entry = emails.find(candidate => candidate.email === email)
  return { email, email_verified: isTrue(entry?.verified) }
}
