import type { AuthContext, RequestContext } from '../../src/context.ts'
import { randomString } from '../../src/crypto/random.ts'
import { expireCookie, readSignedCookie, setSignedCookie } from '../../src/response.ts'
import { signInMethodOf } from '../../src/sign-in-method.ts'
import { consumeVerification, createVerification, peekVerification } from '../../src/verifications.ts'

/** A sign-in whose first factor is proven and whose second one is not. */
export interface Challenge {
  /** What the browser holds. */
  token: string
  userId: string
  rememberMe: boolean
  /** The way of the first step. */
  signInMethod?: string | undefined
  /** Wrong codes so far. */
  failures: number
  /** In milliseconds since 1970. */
  expiresAt: number
}

const COOKIE = 'two_factor'
const PURPOSE = 'two-factor'
const TOKEN_LENGTH = 32

/** Begins the wait for the second factor; the browser gets a cookie that stands for it. */
export async function openChallenge(
  auth: AuthContext,
  { userId, rememberMe, life }: { userId: string; rememberMe: boolean; life: number },
): Promise<void> {
  const token = randomString(TOKEN_LENGTH)
  const expiresAt = auth.kernel.now().getTime() + life * 1000
  const signInMethod = signInMethodOf(auth)
  await putChallenge(auth, { token, userId, rememberMe, signInMethod, failures: 0, expiresAt })
  setSignedCookie(auth, COOKIE, { value: token, maxAge: life })
}

/** The challenge of this browser, left where it is. */
export async function peekChallenge(auth: RequestContext): Promise<Challenge | undefined> {
  const token = readSignedCookie(auth, COOKIE)
  return token ? read(token, await peekVerification(auth, { purpose: PURPOSE, secret: token })) : undefined
}

/**
 * Takes the challenge of this browser. One call at a time has it, so attempts at it are counted exactly, and the one
 * that meets it is the only one; whoever fails puts it back.
 */
export async function takeChallenge(auth: RequestContext): Promise<Challenge | undefined> {
  const token = readSignedCookie(auth, COOKIE)
  return token ? read(token, await consumeVerification(auth, { purpose: PURPOSE, secret: token })) : undefined
}

export async function putChallenge(auth: RequestContext, { token, ...challenge }: Challenge): Promise<void> {
  const expiresIn = Math.ceil((challenge.expiresAt - auth.kernel.now().getTime()) / 1000)
  if (expiresIn <= 0) return
  await createVerification(auth, { purpose: PURPOSE, secret: token }, { value: JSON.stringify(challenge), expiresIn })
}

export function forgetChallenge(auth: AuthContext): void {
  expireCookie(auth, COOKIE)
}

function read(token: string, value: string | undefined): Challenge | undefined {
  return value === undefined ? undefined : { ...(JSON.parse(value) as Omit<Challenge, 'token'>), token }
}
