import type { HookContext } from '../../src/options/index.ts'

/** What an application mails. */
export interface MagicLinkMail {
  email: string
  /** Where the link leads: `GET /magic-link/verify` with all it needs. */
  url: string
  token: string
  /** What the client sent along, unchecked. */
  metadata?: Record<string, unknown>
}

export interface MagicLinkOptions {
  /** Delivers the link. It runs after the response; what it throws is logged. */
  sendMagicLink: (mail: MagicLinkMail, ctx?: HookContext) => Promise<void> | void
  /** Life of a link in seconds; default 300. */
  expiresIn?: number
  /** Nobody is made for an address without a user. Default false. */
  disableSignUp?: boolean
  /** Makes the token in the place of 32 random characters. Nobody must be able to guess it, nor may it come twice. */
  generateToken?: (email: string) => Promise<string> | string
  /** How tokens are stored; default `hashed` (SHA-256). */
  storeToken?: 'plain' | 'hashed' | { type: 'custom-hasher'; hash: (token: string) => Promise<string> | string }
  /** Calls of each of the two routes from one address; default 5 in 60 seconds. */
  rateLimit?: { window: number; max: number }
  /** Has no effect, as in Better Auth 1.6.11: a link works once. */
  allowedAttempts?: number
  /**
   * Signs users in without the second step that a plugin asks for, as Better Auth does. Default false: a mailbox is
   * one factor.
   */
  skipSecondFactor?: boolean
}

/** Options with every default filled in. */
export type MagicLinkSettings = ReturnType<typeof resolveMagicLink>

/** @throws without `sendMagicLink`, and when a number makes no sense */
export function resolveMagicLink(options: MagicLinkOptions) {
  const { expiresIn = 300, rateLimit = {}, storeToken = 'hashed' } = options
  if (typeof options.sendMagicLink !== 'function') throw new Error('magicLink: `sendMagicLink` is missing')
  const { window = 60, max = 5 } = rateLimit as { window?: number; max?: number }
  for (const [name, value] of Object.entries({ expiresIn, window, max })) {
    if (!(value > 0)) throw new Error(`magicLink: ${name} must be a positive number`)
  }
  return { ...options, expiresIn, storeToken, limit: { window, max } }
}
