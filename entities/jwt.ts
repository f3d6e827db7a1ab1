import type { Fields, RowOf } from './field.ts'

/** A key pair that signs tokens. Its id is the token's `kid`. */
export const jwksFields = {
  /** JSON of the public JWK (RFC 7517). */
  publicKey: { type: 'string' },
  /** The private one: sealed, or plain JSON with `disablePrivateKeyEncryption`. */
  privateKey: { type: 'string', returned: false },
  createdAt: { type: 'date' },
  /** When it should have a successor; keys that are not rotated have none. */
  expiresAt: { type: 'date', required: false },
  /** Counts the keys. Two processes that make one at the same time give it the same number, and one of them is refused. */
  generation: { type: 'number', required: false, unique: true, returned: false },
} as const satisfies Fields

/** The table of the jwt plugin. */
export const JWT_MODELS = { jwks: { fields: jwksFields } } as const

export interface Jwks extends RowOf<typeof jwksFields> {
  id: string
}
