import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { setSignedCookie } from '../../src/response.ts'
import { forgetSession } from '../../src/sessions.ts'
import { findUserById, updateUser } from '../../src/users.ts'
import { openChallenge } from './challenge.ts'
import type { TwoFactorSettings } from './options.ts'
import { deleteTwoFactor, findTwoFactor, type TwoFactorUser } from './store.ts'
import { renewTrust, revokeTrust } from './trusted-devices.ts'

/** What a sign-in is answered with instead of a session. */
export const twoFactorChallenge = z.object({
  twoFactorRedirect: z.literal(true),
  twoFactorMethods: z.array(z.enum(['totp', 'otp'])),
})

export type TwoFactorChallenge = z.infer<typeof twoFactorChallenge>

/** Has a sign-in wait for the second factor, unless the user has it off or trusts this browser. */
export async function challengeSignIn(
  auth: AuthContext,
  { user, rememberMe }: { user: TwoFactorUser; rememberMe: boolean },
  settings: TwoFactorSettings,
): Promise<TwoFactorChallenge | undefined> {
  if (!user.twoFactorEnabled || (await renewTrust(auth, user.id, settings.trustLife))) return undefined
  // Another user's session in this browser would be taken for the one that proves the second factor.
  forgetSession(auth)
  if (!rememberMe) setSignedCookie(auth, 'dont_remember', { value: 'true' })
  await openChallenge(auth, { userId: user.id, rememberMe, life: settings.challengeLife })
  return { twoFactorRedirect: true, twoFactorMethods: await methodsOf(auth, user, settings) }
}

/** Whether the user has it on, as the database says: a session may remember otherwise. */
export async function isEnrolled(auth: AuthContext, userId: string): Promise<boolean> {
  const user: TwoFactorUser | null = await findUserById(auth, userId)
  return user?.twoFactorEnabled === true
}

async function methodsOf(auth: AuthContext, user: TwoFactorUser, { totp, otp }: TwoFactorSettings) {
  const row = totp.isDisabled ? null : await findTwoFactor(auth, user.id)
  const methods: TwoFactorChallenge['twoFactorMethods'] = []
  if (row && row.verified !== false) methods.push('totp')
  if (otp.send) methods.push('otp')
  return methods
}

/** Whoever made the user may have turned it on: the owner of the mailbox would be locked out. */
export async function clearUnproven(auth: AuthContext, user: TwoFactorUser): Promise<void> {
  await deleteTwoFactor(auth, user.id)
  await revokeTrust(auth, user.id)
  if (user.twoFactorEnabled) await updateUser(auth, user.id, { twoFactorEnabled: false })
}
