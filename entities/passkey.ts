import type { Fields, RowOf } from './field.ts'

/** A public-key credential (WebAuthn) that a user signs in with. */
export const passkeyFields = {
  name: { type: 'string', required: false },
  /** The COSE key, in base64. */
  publicKey: { type: 'string' },
  userId: { type: 'string', references: { model: 'user', field: 'id' } },
  /** In base64url. */
  credentialID: { type: 'string', unique: true, maxLength: 700 },
  /** Of the newest signature, where the authenticator counts them. */
  counter: { type: 'number', bigint: true },
  /** `multiDevice` if it may be backed up, else `singleDevice`. */
  deviceType: { type: 'string' },
  /** Whether it is, as of the last sign-in. */
  backedUp: { type: 'boolean' },
  /** Separated by commas. */
  transports: { type: 'string', required: false },
  createdAt: { type: 'date', required: false },
  /** The make of the authenticator. */
  aaguid: { type: 'string', required: false },
} as const satisfies Fields

/** What a sign-in with one adds to the session. */
export const passkeySessionFields = {
  /** When the authenticator verified its owner, by a fingerprint or a PIN, for this session. */
  passkeyVerifiedAt: { type: 'date', required: false, returned: false },
} as const satisfies Fields

/** What a passkey that is deleted leaves behind. */
export const passkeyUserFields = {
  /** When the user last deleted one: what passkeys have proved until then counts no more. */
  passkeyRemovedAt: { type: 'date', required: false, returned: false },
} as const satisfies Fields

export const PASSKEY_MODELS = {
  passkey: { fields: passkeyFields },
  user: { fields: passkeyUserFields },
  session: { fields: passkeySessionFields },
} as const

export interface Passkey extends RowOf<typeof passkeyFields> {
  id: string
}
