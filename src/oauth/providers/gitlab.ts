import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'

export interface GitlabProfile {
  id: number
  username: string
  email: string
  name: string
  state: string
  locked?: boolean
  avatar_url: string
  web_url: string
  created_at: string
  bio: string
  location?: string
  public_email: string
  organization: string
  job_title: string
  confirmed_at: string
  two_factor_enabled: boolean
  external: boolean
  commit_email: string
  email_verified?: boolean
  [field: string]: unknown
}

export interface GitlabOptions extends OneClientOptions<GitlabProfile> {
  /** Of a GitLab of one's own; default `https://gitlab.com`. */
  issuer?: string | undefined
}

/** GitLab, theirs or one's own. Users who are not active, or locked, are refused. */
export const gitlab = defineProvider<GitlabOptions>({
  id: 'gitlab',
  name: 'Gitlab',
  endpoints: options => ({
    authorization: addressOf(options, '/oauth/authorize'),
    token: addressOf(options, '/oauth/token'),
  }),
  scopes: ['read_user'],
  pkce: true,
  authorization: { takes: ['loginHint'] },
  profile: async ({ options, ask }) => {
    const profile = await ask(addressOf(options, '/api/v4/user'))
    return profile.state === 'active' && !profile.locked ? profile : null
  },
  user: ({ id, name, username, email, email_verified, avatar_url }) => ({
    id,
    name: name ?? username,
    email,
    emailVerified: email_verified,
    image: avatar_url,
  }),
})

/** Without the doubled slashes that an issuer with a slash at its end would make. */
function addressOf({ issuer }: GitlabOptions, path: string): string {
  return `${issuer || 'https://gitlab.com'}${path}`.replace(/(?<!:)\/{2,}/g, '/')
}
