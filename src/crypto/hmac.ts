import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** HMAC-SHA256 (RFC 2104) of `value`, in standard base64 with padding: always 44 characters. */
export function sign(secret: string, value: string): string {
  return createHmac('sha256', secret).update(value, 'utf8').digest('base64')
}

/** Whether `signature` is the one `sign` gives; takes the same time whichever byte differs. */
export function isSignedBy(secret: string, value: string, signature: string): boolean {
  return equalInConstantTime(sign(secret, value), signature)
}

/**
 * Compares two strings without telling by its running time where they differ. It tells whether they are of one length:
 * how long a signature, a token or a code is, everybody knows.
 */
export function equalInConstantTime(expected: string, given: string): boolean {
  return equalBytes(Buffer.from(expected), Buffer.from(given))
}

/** The same for bytes. */
export function equalBytes(expected: Uint8Array, given: Uint8Array): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** SHA-256 in base64url without padding: how single-use secrets are stored. */
export function sha256(value: string): string {
  return createHash('sha256').update(value, 'utf8').digest('base64url')
}

/** A key for one purpose only (HKDF-SHA256, RFC 5869), so that nothing sealed for one use opens under another. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'kernia', purpose, 32))
}
