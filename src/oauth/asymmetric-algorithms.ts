/** Signatures with a key of the issuer's own: unless it was agreed on, none by a secret that others have as well. */
export const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

export type AsymmetricAlgorithm = (typeof ASYMMETRIC)[number]
