import type { AuthContext } from '../../src/context.ts'
import { randomString } from '../../src/crypto/random.ts'
import { readSignedCookie, setSignedCookie } from '../../src/response.ts'
import { consumeVerification, createVerification } from '../../src/verifications.ts'
import type { PasskeySettings } from './options.ts'

/** The two things a browser does with a passkey. A challenge of the one is unknown to the other. */
export type Kind = 'passkey-registration' | 'passkey-authentication'

/** What was asked of a browser that has yet to answer. */
export interface Ceremony {
  challenge: string
  /** For whom; absent where whoever answers says so. */
  userId?: string
  name?: string
  displayName?: string
  /** What the page sent along. */
  context?: string | null
}

/** Seconds to answer in. */
const LIFE = 300
const TOKEN_LENGTH = 32

/** Remembers what this browser was asked; its cookie stands for it. */
export async function openCeremony(
  auth: AuthContext,
  kind: Kind,
  { settings, ceremony }: { settings: PasskeySettings; ceremony: Ceremony },
): Promise<void> {
  const token = randomString(TOKEN_LENGTH)
  const value = JSON.stringify(ceremony)
  await createVerification(auth, { purpose: kind, secret: token }, { value, expiresIn: LIFE })
  setSignedCookie(auth, settings.cookie, { value: token, maxAge: LIFE })
}

/** What this browser was asked. It has one answer, right or wrong. */
export async function takeCeremony(
  auth: AuthContext,
  kind: Kind,
  { cookie }: PasskeySettings,
): Promise<Ceremony | undefined> {
  const token = readSignedCookie(auth, cookie)
  const value = token && (await consumeVerification(auth, { purpose: kind, secret: token }))
  return value ? (JSON.parse(value) as Ceremony) : undefined
}
