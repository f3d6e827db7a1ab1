import { defineProvider } from '../define-provider.ts'
import { textOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'

export interface DiscordProfile {
  id: string
  username: string
  discriminator: string
  global_name: string | null
  avatar: string | null
  mfa_enabled: boolean
  banner: string | null
  accent_color: number | null
  locale: string
  verified: boolean
  email?: string | null
  flags: number
  premium_type: number
  public_flags: number
  display_name: string | null
  avatar_decoration: string | null
  banner_color: string | null
  /** Put together from the others. */
  image_url: string
  [field: string]: unknown
}

export interface DiscordOptions extends OneClientOptions<DiscordProfile> {
  /** Default `none`: users who agreed before are not asked again. */
  prompt?: 'none' | 'consent' | undefined
  /** For the scope `bot`: what the bot may do, as a sum of bits. */
  permissions?: number | undefined
}

export const discord = defineProvider<DiscordOptions>({
  id: 'discord',
  name: 'Discord',
  endpoints: {
    authorization: 'https://discord.com/api/oauth2/authorize',
    token: 'https://discord.com/api/oauth2/token',
  },
  scopes: ['identify', 'email'],
  authorization: {
    takes: ['prompt'],
    prompt: 'none',
    callScopesFirst: true,
    parameters: ({ permissions }, scopes) => ({
      permissions: permissions !== undefined && scopes.includes('bot') ? String(permissions) : undefined,
    }),
    order: ['scope', 'response_type', 'client_id', 'redirect_uri', 'state', 'prompt', 'permissions'],
  },
  profile: async ({ ask }) => {
    const profile = await ask('https://discord.com/api/users/@me')
    return { ...profile, image_url: imageOf(profile) }
  },
  user: ({ id, global_name, username, email, verified, image_url }) => ({
    id,
    name: global_name || username,
    email,
    emailVerified: verified,
    image: image_url,
  }),
})

/** The avatar, or the one of the default ones that Discord shows instead. */
function imageOf({ id, avatar, discriminator }: Record<string, unknown>): string | undefined {
  const user = textOf(id)
  if (!user || !/^\d+$/.test(user)) return undefined
  const picture = textOf(avatar)
  if (picture) {
    return `https://cdn.discordapp.com/avatars/${user}/${picture}.${picture.startsWith('a_') ? 'gif' : 'png'}`
  }
  const hasNewName = discriminator === '0'
  const index = hasNewName ? Number(BigInt(user) >> 22n) % 6 : Number(discriminator) % 5
  return `https://cdn.discordapp.com/embed/avatars/${index || 0}.png`
}
