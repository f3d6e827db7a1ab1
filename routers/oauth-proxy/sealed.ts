import { z } from 'zod'
import type { RequestContext } from '../../src/context.ts'
import type { OAuthProxySettings } from './options.ts'

// Each with a key of its own: what travels as the one opens as no other, nor as anything else that is sealed. [A39]
const STATE = 'oauth-proxy-state'
const PROFILE = 'oauth-proxy-profile'

/** What travels to the provider and back as the `state`: enough to trade the code for tokens, and where to send them. */
const state = z.object({
  state: z.string(),
  provider: z.string(),
  codeVerifier: z.string(),
  nonce: z.string(),
  returnTo: z.string(),
  expiresAt: z.number(),
})

const date = z.coerce.date().optional()
const text = z.string().optional()

const login = z.object({
  user: z.looseObject({
    id: z.string(),
    name: z.string(),
    email: z.union([z.string(), z.null()]),
    emailVerified: z.boolean(),
    image: text,
  }),
  tokens: z.object({
    accessToken: text,
    refreshToken: text,
    idToken: text,
    accessTokenExpiresAt: date,
    refreshTokenExpiresAt: date,
    scopes: z.array(z.string()).optional(),
    tokenType: text,
  }),
})

/** What travels back to the server where the browser began: a login, or why there is none. */
const profile = z.object({
  state: z.string(),
  provider: z.string(),
  /** In milliseconds since 1970. */
  timestamp: z.number(),
  outcome: z.union([login, z.object({ error: z.string(), description: text })]),
})

export type ProxyState = z.infer<typeof state>
export type ProxyProfile = z.infer<typeof profile>

export function sealState(auth: RequestContext, { keys }: OAuthProxySettings, content: ProxyState): string {
  return (keys ?? auth.kernel.keys).seal(STATE, JSON.stringify(content))
}

/** @returns `undefined` for a state that another kind of flow made */
export function openState(
  auth: RequestContext,
  { keys }: OAuthProxySettings,
  sealed: string | undefined,
): ProxyState | undefined {
  const opened = sealed === undefined ? undefined : (keys ?? auth.kernel.keys).open(STATE, sealed)
  return opened === undefined ? undefined : state.safeParse(parse(opened)).data
}

export function sealProfile(auth: RequestContext, { keys }: OAuthProxySettings, content: ProxyProfile): string {
  return (keys ?? auth.kernel.keys).seal(PROFILE, JSON.stringify(content))
}

/** @returns why it cannot be read, in Better Auth's words, where it cannot */
export function openProfile(
  auth: RequestContext,
  { keys }: OAuthProxySettings,
  sealed: string,
): ProxyProfile | 'invalid_profile' | 'invalid_payload' {
  const opened = (keys ?? auth.kernel.keys).open(PROFILE, sealed)
  if (opened === undefined) return 'invalid_profile'
  return profile.safeParse(parse(opened)).data ?? 'invalid_payload'
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
