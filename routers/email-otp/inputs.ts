import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import { normalizeEmail } from '../../src/users.ts'
import { addressErrors } from './errors.ts'
import { OTP_TYPES } from './options.ts'

/** An address, normalised; `assertAddress` says whether it is one. */
export const address = z.string().max(255).overwrite(normalizeEmail)

/** What somebody entered. */
export const otp = z.string().max(512)

export const otpType = z.enum(OTP_TYPES)

/** What the routes say that have nothing else to say. */
export const done = z.object({ success: z.boolean() })

/** @throws INVALID_EMAIL */
export function assertAddress(email: string): void {
  if (!z.email().safeParse(email).success) throw new AuthError(addressErrors.INVALID_EMAIL)
}
