import type { AuthContext, RequestContext } from '../../src/context.ts'
import { equalInConstantTime } from '../../src/crypto/hmac.ts'
import { randomDigits } from '../../src/crypto/random.ts'
import { AuthError } from '../../src/errors.ts'
import { consumeVerification, createVerification } from '../../src/verifications.ts'
import { twoFactorErrors } from './errors.ts'
import type { TwoFactorSettings } from './options.ts'

type OtpSettings = TwoFactorSettings['otp']

/** A code that was sent. */
interface SentCode {
  /** As it is stored. */
  code: string
  failures: number
  /** In milliseconds since 1970. */
  expiresAt: number
}

const PURPOSE = 'two-factor-otp'

/**
 * Makes the code for whoever `key` stands for, a challenge or a session; one that was sent before is worth nothing more.
 */
export async function newOtp(auth: AuthContext, key: string, settings: OtpSettings): Promise<string> {
  const code = randomDigits(settings.digits)
  const expiresAt = auth.kernel.now().getTime() + settings.life * 1000
  await consumeVerification(auth, { purpose: PURPOSE, secret: key })
  await put(auth, key, { code: await encode(auth, code, settings), failures: 0, expiresAt })
  return code
}

/**
 * Whether this is the code that was sent. It is taken while it is compared, so one call at a time has it, and a right one
 * is used up.
 * @throws OTP_HAS_EXPIRED, TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE
 */
export async function spendOtp(
  auth: AuthContext,
  key: string,
  { code, settings }: { code: string; settings: OtpSettings },
): Promise<boolean> {
  const value = await consumeVerification(auth, { purpose: PURPOSE, secret: key })
  if (value === undefined) throw new AuthError(twoFactorErrors.OTP_HAS_EXPIRED)
  const sent = JSON.parse(value) as SentCode
  if (sent.failures >= settings.allowedAttempts) {
    throw new AuthError(twoFactorErrors.TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE)
  }
  const [expected, given] = await comparable(auth, sent.code, { code, settings })
  if (equalInConstantTime(expected, given)) return true
  await put(auth, key, { ...sent, failures: sent.failures + 1 })
  return false
}

async function put(auth: RequestContext, key: string, sent: SentCode): Promise<void> {
  const expiresIn = Math.ceil((sent.expiresAt - auth.kernel.now().getTime()) / 1000)
  if (expiresIn <= 0) return
  await createVerification(auth, { purpose: PURPOSE, secret: key }, { value: JSON.stringify(sent), expiresIn })
}

async function encode(context: RequestContext, code: string, { store }: OtpSettings): Promise<string> {
  if (typeof store === 'object') return 'hash' in store ? store.hash(code) : store.encrypt(code)
  return store === 'hashed' ? keyedHash(context, code) : context.kernel.keys.seal(PURPOSE, code)
}

/** The stored code and the given one, in the one form in which they can be compared. */
async function comparable(
  context: RequestContext,
  stored: string,
  { code, settings: { store } }: { code: string; settings: OtpSettings },
): Promise<[string, string]> {
  if (typeof store === 'object') {
    return 'hash' in store ? [stored, await store.hash(code)] : [await store.decrypt(stored), code]
  }
  if (store === 'hashed') return [stored, keyedHash(context, code)]
  return [context.kernel.keys.open(PURPOSE, stored) ?? '', code]
}

// There are only a million codes: without a key, a hash would be no secret.
function keyedHash({ kernel }: RequestContext, code: string): string {
  return kernel.keys.sign(`two-factor code ${code}`)
}
