import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** HMAC-SHA256 (RFC 2104) of `value`, in standard base64 with padding: always 44 characters. */
export function sign(secret: string, value: string): string {
  return createHmac('sha256', secret).update(value, 'utf8').digest('base64')
}

/** Whether `signature` is the one `sign` gives; takes the same time whichever byte differs. */
export function isSignedBy(secret: string, value: string, signature: string): boolean {
  const expected = Buffer.from(sign(secret, value))
  const given = Buffer.from(signature)
  // The length of a signature is no secret, so no hash is needed to make the lengths equal.
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Compares two strings without telling by its running time where they differ. */
export function equalInConstantTime(expected: string, given: string): boolean {
  // Hashing first makes the lengths equal, which timingSafeEqual demands.
  return timingSafeEqual(createHash('sha256').update(expected).digest(), createHash('sha256').update(given).digest())
}

/** SHA-256 in base64url without padding: how single-use secrets are stored. */
export function sha256(value: string): string {
  return createHash('sha256').update(value, 'utf8').digest('base64url')
}

/** A key for one purpose only (HKDF-SHA256, RFC 5869), so that nothing sealed for one use opens under another. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'kernia', purpose, 32))
}
