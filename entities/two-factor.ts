import type { Fields, RowOf } from './field.ts'

/** What the second factor adds to a user. */
export const twoFactorUserFields = {
  twoFactorEnabled: { type: 'boolean', required: false, defaultValue: false },
  /** When it was last turned on, or given another secret: what was proved before counts no more. */
  twoFactorEnabledAt: { type: 'date', required: false, returned: false },
} as const satisfies Fields

/** What it adds to a session. */
export const twoFactorSessionFields = {
  /** When the user last proved the second factor for this session. A trusted device does not. */
  twoFactorVerifiedAt: { type: 'date', required: false, returned: false },
} as const satisfies Fields

/** A user's second factor; one row each. */
export const twoFactorFields = {
  /** Sealed. */
  secret: { type: 'string', returned: false },
  /** Hashed and sealed, or as the options say. */
  backupCodes: { type: 'string', returned: false },
  userId: { type: 'string', unique: true, returned: false, references: { model: 'user', field: 'id' } },
  /** Whether the authenticator has given a right code once. */
  verified: { type: 'boolean', required: false, defaultValue: true },
  /** The time step of the newest TOTP code that was accepted; none of that step or before is any more. */
  lastUsedStep: { type: 'number', required: false, returned: false },
  /** Wrong codes since the last right one. */
  failedVerificationCount: { type: 'number', required: false, defaultValue: 0, returned: false },
  /** Until when they count. */
  lockedUntil: { type: 'date', required: false, returned: false },
} as const satisfies Fields

/** A browser that is not asked for the second factor. */
export const trustedDeviceFields = {
  userId: { type: 'string', returned: false, references: { model: 'user', field: 'id' } },
  /** Hash of what is in the browser's cookie; another one after each use. */
  token: { type: 'string', unique: true, returned: false },
  userAgent: { type: 'string', required: false },
  createdAt: { type: 'date' },
  lastUsedAt: { type: 'date' },
  expiresAt: { type: 'date' },
} as const satisfies Fields

export const TWO_FACTOR_MODELS = {
  user: { fields: twoFactorUserFields },
  session: { fields: twoFactorSessionFields },
  twoFactor: { fields: twoFactorFields },
  trustedDevice: { fields: trustedDeviceFields },
} as const

export interface TrustedDevice extends RowOf<typeof trustedDeviceFields> {
  id: string
}

export interface TwoFactor extends RowOf<typeof twoFactorFields> {
  id: string
}
