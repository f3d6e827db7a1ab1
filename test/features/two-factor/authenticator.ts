import { hotp, stepAt } from '../../../routers/two-factor/totp.ts'
import type { Clock } from '../../support/test-auth.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An authenticator app that has scanned the QR code of `uri`. */
export interface Authenticator {
  secret: string
  /** The code of now, or of so many time steps later. */
  code(steps?: number): string
}

export function scan(uri: string, clock: Pick<Clock, 'now'>): Authenticator {
  const parameters = new URL(uri).searchParams
  const secret = fromBase32(parameters.get('secret') ?? '').toString()
  const [digits, period] = [Number(parameters.get('digits')), Number(parameters.get('period'))]
  return { secret, code: (steps = 0) => hotp(secret, stepAt(clock.now(), period) + steps, digits) }
}

export function fromBase32(text: string): Buffer {
  const bits = [...text].map(character => ALPHABET.indexOf(character).toString(2).padStart(5, '0')).join('')
  const bytes = bits.match(/.{8}/g) ?? []
  return Buffer.from(bytes.map(byte => Number.parseInt(byte, 2)))
}
