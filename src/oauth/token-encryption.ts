import type { Keyring } from '../crypto/keyring.ts'

const PURPOSE = 'oauth-account-tokens'

/** How a provider's tokens are written to the account table and read from it. */
export interface TokenEncryption {
  encrypt(token: string): string
  /** @returns `undefined` when it was encrypted with a secret that is gone */
  decrypt(stored: string): string | undefined
}

/**
 * Encrypts tokens at rest (AES-256-GCM, with a key of their own). What was stored before encryption was on is read as
 * it is, and what was stored while it was on stays readable after it is off.
 * @param isOn `account.encryptOAuthTokens`
 */
export function createTokenEncryption(keys: Pick<Keyring, 'seal' | 'open'>, isOn: boolean): TokenEncryption {
  return {
    encrypt: token => (isOn ? keys.seal(PURPOSE, token) : token),
    decrypt: stored => (isSealed(stored) ? keys.open(PURPOSE, stored) : stored),
  }
}

function isSealed(stored: string): boolean {
  return /^k1\.\d+\.[\w-]+$/.test(stored)
}
