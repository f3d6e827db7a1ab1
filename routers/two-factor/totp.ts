import { createHmac } from 'node:crypto'
import { equalInConstantTime } from '../../src/crypto/hmac.ts'
import { base32 } from './base32.ts'

export interface TotpSettings {
  digits: number
  /** Seconds of a time step. */
  period: number
}

/** Clocks differ and people are slow: the steps before and after the current one are accepted too, and no other. */
const NEIGHBOURS = [-1, 0, 1]

/** HOTP with HMAC-SHA-1 (RFC 4226, section 5.3). The key is the secret's text itself. */
export function hotp(secret: string, counter: number, digits: number): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const mac = createHmac('sha1', secret).update(message).digest()
  const offset = mac.readUInt8(mac.length - 1) & 0x0f
  const truncated = mac.readUInt32BE(offset) & 0x7fff_ffff
  return String(truncated % 10 ** digits).padStart(digits, '0')
}

/** The number of the time step in which `now` lies (RFC 6238, section 4.2). */
export function stepAt(now: Date, period: number): number {
  return Math.floor(now.getTime() / 1000 / period)
}

/** The code that an authenticator shows now. */
export function totp(secret: string, now: Date, { digits, period }: TotpSettings): string {
  return hotp(secret, stepAt(now, period), digits)
}

/** The time step of which `code` is the code, if it is one that is accepted now. */
export function matchingStep(secret: string, code: string, now: Date, settings: TotpSettings): number | undefined {
  const current = stepAt(now, settings.period)
  let matching: number | undefined
  // All of them are compared, whichever matches, so that the time does not tell.
  for (const neighbour of NEIGHBOURS) {
    const step = current + neighbour
    if (equalInConstantTime(hotp(secret, step, settings.digits), code)) matching = step
  }
  return matching
}

/** What an authenticator app reads from a QR code: https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function totpUri(secret: string, name: { issuer: string; account: string }, settings: TotpSettings): string {
  const [issuer, account] = [encodeURIComponent(name.issuer), encodeURIComponent(name.account)]
  const { digits, period } = settings
  return `otpauth://totp/${issuer}:${account}?secret=${base32(Buffer.from(secret))}&issuer=${issuer}&digits=${digits}&period=${period}`
}
