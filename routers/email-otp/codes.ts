import type { AuthContext } from '../../src/context.ts'
import { randomDigits, randomString } from '../../src/crypto/random.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import {
  createCode,
  extendCode,
  type RightCode,
  readCode,
  type ShortCode,
  tryCode,
} from '../../src/short-codes/index.ts'
import { codeErrors } from './errors.ts'
import type { OtpSettings, OtpType } from './options.ts'
import { type StoredForm, storedForm } from './stored-form.ts'

/** Which code: what for, to which address, and of whom where that is somebody in particular. */
export interface OtpPlace {
  type: OtpType
  email: string
  /** For a change of address: the user, whose code no other user can use, and the present address. */
  owner?: string
}

const REFUSALS = {
  unknown: codeErrors.INVALID_OTP,
  wrong: codeErrors.INVALID_OTP,
  expired: codeErrors.OTP_EXPIRED,
  exhausted: codeErrors.TOO_MANY_ATTEMPTS,
}

function codeOf({ allowedAttempts }: OtpSettings, { type, email, owner = '' }: OtpPlace): ShortCode {
  return { purpose: `email-otp-${type}`, subject: JSON.stringify([owner, email]), tries: allowedAttempts }
}

function formOf({ kernel }: AuthContext, settings: OtpSettings, place: OtpPlace): StoredForm {
  return storedForm(kernel.keys, settings.storeOTP, `${place.type} ${place.email}`)
}

/** Makes a code in the place of any older one, and gives it. */
export async function makeCode(auth: AuthContext, settings: OtpSettings, place: OtpPlace): Promise<string> {
  const { type, email } = place
  const made = settings.generateOTP?.({ email, type }, hookContextOf(auth))
  const otp = made || randomDigits(settings.otpLength)
  await storeCode(auth, settings, place, otp)
  return otp
}

async function storeCode(auth: AuthContext, settings: OtpSettings, place: OtpPlace, otp: string): Promise<void> {
  const value = await formOf(auth, settings, place).store(otp)
  await createCode(auth, codeOf(settings, place), { value, expiresIn: settings.expiresIn })
}

/** The code that is alive; `undefined` without one. */
export async function currentCode(
  auth: AuthContext,
  settings: OtpSettings,
  place: OtpPlace,
): Promise<{ otp: string | undefined; isReadable: boolean } | undefined> {
  const stored = await readCode(auth, codeOf(settings, place))
  if (stored === undefined) return undefined
  const { read } = formOf(auth, settings, place)
  return { otp: await read?.(stored), isReadable: read !== undefined }
}

/**
 * Mails a code, after the response. For an address that is to get none a code is made too, which nobody is ever told: what
 * can be tried there is answered like elsewhere, so that nobody finds out.
 * @param isWanted asked after the response, so that its time tells nothing
 */
export function mailCode(
  auth: AuthContext,
  settings: OtpSettings,
  { isWanted = async () => true, ...place }: OtpPlace & { isWanted?: () => Promise<boolean> },
): void {
  const { type, email } = place
  const context = hookContextOf(auth)
  auth.kernel.background(async () => {
    if (!(await isWanted())) return storeCode(auth, settings, place, randomString(32))
    const otp = (await codeAgain(auth, settings, place)) ?? (await makeCode(auth, settings, place))
    await settings.sendVerificationOTP({ email, otp, type }, context)
  })
}

async function codeAgain(auth: AuthContext, settings: OtpSettings, place: OtpPlace): Promise<string | undefined> {
  const { read } = formOf(auth, settings, place)
  if (settings.resendStrategy !== 'reuse' || !read) return undefined
  const stored = await extendCode(auth, codeOf(settings, place), settings.expiresIn)
  return stored === undefined ? undefined : read(stored)
}

/**
 * Judges what was entered. The code is not used up by that.
 * @throws INVALID_OTP, OTP_EXPIRED, TOO_MANY_ATTEMPTS
 */
export async function judgeCode(
  auth: AuthContext,
  settings: OtpSettings,
  { otp, ...place }: OtpPlace & { otp: string },
): Promise<RightCode> {
  const form = formOf(auth, settings, place)
  const judged = await tryCode(auth, codeOf(settings, place), stored => askApplication(() => form.matches(stored, otp)))
  if (typeof judged === 'string') throw new AuthError(REFUSALS[judged])
  return judged
}

/**
 * Uses a code up: of any number of concurrent calls exactly one succeeds.
 * @throws INVALID_OTP, OTP_EXPIRED, TOO_MANY_ATTEMPTS
 */
export async function spendCode(
  auth: AuthContext,
  settings: OtpSettings,
  entered: OtpPlace & { otp: string },
): Promise<void> {
  await consume(await judgeCode(auth, settings, entered))
}

/** @throws INVALID_OTP when somebody else was faster */
export async function consume(code: RightCode): Promise<void> {
  if (!(await code.consume())) throw new AuthError(codeErrors.INVALID_OTP)
}
