import { additionalFieldsOf, type Session, type User } from '../../entities/index.ts'
import { checkPassword, findCredential } from '../../src/accounts.ts'
import type { AuthContext, Draft, SessionData } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import { createSession, deleteSession, isNotRemembered, sendSession } from '../../src/sessions.ts'
import { updateUser } from '../../src/users.ts'
import { encodeBackupCodes, newBackupCodes } from './backup-codes.ts'
import { twoFactorErrors } from './errors.ts'
import type { TwoFactorSettings } from './options.ts'
import { NO_PROOF, proofOf } from './proof.ts'
import {
  deleteTwoFactor,
  findTwoFactor,
  newSecret,
  putTwoFactor,
  retryOnce,
  sealSecret,
  type TwoFactorUser,
} from './store.ts'
import { forgetTrust, revokeTrust } from './trusted-devices.ts'

/**
 * Asks for the password of a user who manages the second factor.
 * @throws INVALID_PASSWORD
 */
export async function assertPassword(
  auth: AuthContext,
  user: User,
  { password, allowPasswordless }: { password?: string; allowPasswordless: boolean },
): Promise<void> {
  if (allowPasswordless && !(await findCredential(auth, user.id))?.password) return
  if (password && (await checkPassword(auth, user, password))) return
  throw new AuthError(twoFactorErrors.INVALID_PASSWORD)
}

/**
 * Gives the user a new secret and new backup codes. Whoever had the factor on keeps it on, with the new secret; others
 * have to prove that their authenticator has it, unless the options say otherwise. Devices are no longer trusted, and what
 * was proved with the old secret counts no more.
 */
export async function enrol(
  auth: AuthContext,
  data: SessionData,
  settings: TwoFactorSettings,
): Promise<{ secret: string; backupCodes: string[] }> {
  const secret = newSecret()
  const backupCodes = newBackupCodes(settings.backupCodes)
  const stored = await encodeBackupCodes(auth, backupCodes, settings.backupCodes)
  const { user }: { user: TwoFactorUser } = data
  const write = () =>
    auth.kernel.unitOfWork.run(async () => {
      const existing = await findTwoFactor(auth, user.id)
      const verified = settings.skipVerificationOnEnable || (existing !== null && existing.verified !== false)
      await putTwoFactor(auth, user.id, { secret: sealSecret(auth, secret), backupCodes: stored, verified })
      await revokeTrust(auth, user.id)
      if (user.twoFactorEnabled) await voidProofs(auth, data)
      return verified
    })
  const isVerified = await retryOnce(write)
  forgetTrust(auth)
  if (settings.skipVerificationOnEnable) await turnOn(auth, data, { isProved: false })
  else if (isVerified) await auth.kernel.events.emit('twoFactor.enabled', { userId: user.id })
  return { secret, backupCodes }
}

/** Whatever was proved until now, in any session, counts no more. */
async function voidProofs(auth: AuthContext, { session, user }: SessionData): Promise<void> {
  const updated = await updateUser(auth, user.id, { twoFactorEnabledAt: auth.kernel.now() })
  if (!updated) throw new AuthError(errors.UNAUTHORIZED)
  auth.session.stored = Promise.resolve({ session, user: updated })
}

/**
 * The second factor is asked for from now on. The session becomes another one.
 * @param proof whether the user has just proved it, which the options may not ask for
 */
export async function turnOn(
  auth: AuthContext,
  data: SessionData,
  { isProved }: { isProved: boolean },
): Promise<SessionData> {
  const now = auth.kernel.now()
  const changes = { twoFactorEnabled: true, twoFactorEnabledAt: now }
  const proof = isProved ? proofOf(now) : NO_PROOF
  const renewed = await auth.kernel.unitOfWork.run(() => renewSession(auth, data, { changes, proof }))
  sendSession(auth, renewed)
  await auth.kernel.events.emit('twoFactor.enabled', { userId: data.user.id })
  return renewed
}

/** Nothing is asked for any more, and nothing is left of the factor. The session becomes another one. */
export async function turnOff(auth: AuthContext, data: SessionData): Promise<void> {
  const renewed = await auth.kernel.unitOfWork.run(async () => {
    await deleteTwoFactor(auth, data.user.id)
    await revokeTrust(auth, data.user.id)
    return renewSession(auth, data, { changes: { twoFactorEnabled: false }, proof: NO_PROOF })
  })
  sendSession(auth, renewed)
  forgetTrust(auth)
  await auth.kernel.events.emit('twoFactor.disabled', { userId: data.user.id })
}

/**
 * Changes the user and replaces the session by a new one with the same additional fields. Nobody has signed in for it, so it
 * is as old as the one before.
 */
async function renewSession(
  auth: AuthContext,
  { session, user }: SessionData,
  { changes, proof }: { changes: Draft; proof: Draft },
): Promise<SessionData> {
  const updated = await updateUser(auth, user.id, changes)
  if (!updated) throw new AuthError(errors.UNAUTHORIZED)
  const fields = { ...keptFields(auth, session), ...proof }
  const start = { rememberMe: !isNotRemembered(auth), beganAt: session.createdAt, fields }
  const created = await createSession(auth, updated, start)
  await deleteSession(auth, session.token)
  return { session: created, user: updated }
}

function keptFields({ kernel }: AuthContext, session: Session): Draft {
  const own = Object.keys(additionalFieldsOf(kernel.schema, 'session'))
  return Object.fromEntries(own.map(name => [name, (session as Session & Draft)[name]]))
}
