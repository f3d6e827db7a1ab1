import { randomInt } from 'node:crypto'

const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * A random string over `[a-zA-Z0-9]` from the system's CSPRNG; 32 characters carry 190 bits.
 * @param length number of characters
 */
export function randomString(length: number): string {
  let out = ''
  for (let i = 0; i < length; i++) out += ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]
  return out
}
