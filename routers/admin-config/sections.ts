/** A value as JSON has it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** What a section holds. */
export type ConfigValue = Record<string, Json>

/** The sections, each with the keys whose values are always secrets. */
export const SECTIONS = {
  'auth-methods': [],
  'email-clients': ['password', 'apiKey', 'token', 'secret'],
  stripe: ['apiKey', 'secretKey', 'webhookSecret'],
  'public-ui': [],
} as const satisfies Record<string, readonly string[]>

export type Section = keyof typeof SECTIONS

/** The sections that only administrators and the application's own code read. */
export const PRIVATE_SECTIONS = ['email-clients', 'stripe'] as const
