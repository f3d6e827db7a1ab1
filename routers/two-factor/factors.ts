import type { TwoFactor } from '../../entities/two-factor.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { encodeBackupCodes, spendBackupCode } from './backup-codes.ts'
import { twoFactorErrors } from './errors.ts'
import type { TwoFactorSettings } from './options.ts'
import { spendOtp } from './otp.ts'
import type { Factor } from './prove.ts'
import { findTwoFactor, newSecret, openSecret, putTwoFactor, retryOnce, sealSecret, updateTwoFactor } from './store.ts'
import { matchingStep } from './totp.ts'

interface Given {
  code: string
  trustDevice?: boolean
  disableSession?: boolean
}

/** A code of the user's authenticator app. */
export function totpFactor(auth: AuthContext, { totp }: TwoFactorSettings, { code, trustDevice }: Given): Factor {
  return {
    wrong: twoFactorErrors.INVALID_CODE,
    enrols: true,
    trustDevice,
    rowFor: async ({ challenge }, row) => {
      if (!row || (challenge && row.verified === false)) throw new AuthError(twoFactorErrors.TOTP_NOT_ENABLED)
      return row
    },
    check: async (_subject, row) => {
      const secret = row && openSecret(auth, row)
      const step = secret ? matchingStep(secret, code, auth.kernel.now(), totp) : undefined
      if (!row || step === undefined || !(await acceptStep(auth, row, step))) return false
      if (row.verified !== true) await updateTwoFactor(auth, row.userId, { verified: true })
      return true
    },
  }
}

/** A code that was sent to the user. */
export function otpFactor(auth: AuthContext, settings: TwoFactorSettings, { code, trustDevice }: Given): Factor {
  return {
    wrong: twoFactorErrors.INVALID_CODE,
    enrols: true,
    trustDevice,
    // Attempts at a sign-in are counted on the row, so there has to be one; at enrolment the code's own limit is enough.
    rowFor: async ({ user, challenge }, row) => row ?? (challenge ? createUnverified(auth, user.id, settings) : null),
    check: ({ key }) => spendOtp(auth, key, { code, settings: settings.otp }),
  }
}

/** One of the codes that the user has kept for when the authenticator is lost. */
export function backupCodeFactor(auth: AuthContext, settings: TwoFactorSettings, given: Given): Factor {
  return {
    wrong: twoFactorErrors.INVALID_BACKUP_CODE,
    enrols: false,
    trustDevice: given.trustDevice,
    makesNoSession: given.disableSession,
    rowFor: async (_subject, row) => {
      if (!row) throw new AuthError(twoFactorErrors.BACKUP_CODES_NOT_ENABLED)
      return row
    },
    check: async (_subject, row) => {
      const left = row && (await spendBackupCode(auth, row, { code: given.code, settings: settings.backupCodes }))
      if (!row || left === null || left === undefined) return false
      await auth.kernel.events.emit('twoFactor.backup-code-used', { userId: row.userId, left })
      return true
    },
  }
}

/** Accepts a time step once: of any number of calls exactly one, and none for a step before it. */
async function acceptStep({ kernel }: AuthContext, { id }: TwoFactor, step: number): Promise<boolean> {
  const where = [
    { field: 'id', value: id },
    { field: 'lastUsedStep', value: null, connector: 'OR' as const },
    { field: 'lastUsedStep', value: step, operator: 'lt' as const, connector: 'OR' as const },
  ]
  return (await kernel.adapter.updateMany({ model: 'twoFactor', where, update: { lastUsedStep: step } })) > 0
}

/** The row of a user who only has codes sent; no authenticator has its secret. */
async function createUnverified(auth: AuthContext, userId: string, settings: TwoFactorSettings): Promise<TwoFactor> {
  const backupCodes = await encodeBackupCodes(auth, [], settings.backupCodes)
  const fields = { secret: sealSecret(auth, newSecret()), backupCodes, verified: false }
  await retryOnce(() => putTwoFactor(auth, userId, fields))
  const row = await findTwoFactor(auth, userId)
  if (!row) throw new AuthError(twoFactorErrors.INVALID_TWO_FACTOR_COOKIE)
  return row
}
