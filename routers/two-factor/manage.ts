import { z } from 'zod'
import { LONGEST_PASSWORD } from '../../src/accounts.ts'
import type { SignedInContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { assertFactorKept } from '../../src/step-up.ts'
import { encodeBackupCodes, newBackupCodes } from './backup-codes.ts'
import { assertPassword, enrol, turnOff } from './enrolment.ts'
import { twoFactorErrors } from './errors.ts'
import { codeLimit } from './limits.ts'
import type { TwoFactorSettings } from './options.ts'
import { findTwoFactor, openSecret, type TwoFactorUser, updateTwoFactor } from './store.ts'
import { totpUri } from './totp.ts'

const tags = ['Two factor']
const passwordErrors = [twoFactorErrors.INVALID_PASSWORD, errors.SERVICE_BUSY]
const uri = z.string().meta({ description: 'For a QR code: an otpauth:// address' })

/** Asks for the factor that is there, where the options do, before it is changed or shown. */
async function assertProved(auth: SignedInContext, { requireSecondFactor }: TwoFactorSettings): Promise<void> {
  if (requireSecondFactor) await assertFactorKept(auth, auth.signedIn)
}

function managingErrors({ requireSecondFactor }: TwoFactorSettings) {
  return [...passwordErrors, ...(requireSecondFactor ? [errors.STEP_UP_REQUIRED] : [])]
}

/** A password, which only users without one may leave out, where the application allows it. */
function passwordInput(isOptional: boolean) {
  const password = z.string().max(LONGEST_PASSWORD)
  return (isOptional ? password.optional() : password) as z.ZodType<string | undefined, string | undefined>
}

/** `twoFactor.enable` and `.disable` */
export function switchProcedures({ procedure }: ProcedureBuilder, settings: TwoFactorSettings) {
  const { allowPasswordless } = settings
  const password = passwordInput(allowPasswordless)
  return {
    enable: procedure
      .sensitive({
        rest: 'POST /two-factor/enable',
        operationId: 'enableTwoFactor',
        ownerOnly: true,
        summary: 'Makes a secret for an authenticator app, and backup codes',
        description: 'The second factor is asked for once a code of the app has been verified.',
        errors: managingErrors(settings),
        limit: codeLimit,
        sessionCookie: 'set',
        tags,
      })
      .input(z.object({ password, issuer: z.string().max(255).optional() }))
      .output(z.object({ totpURI: uri, backupCodes: z.array(z.string()) }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const { user } = auth.signedIn
        await assertProved(auth, settings)
        await assertPassword(auth, user, { password: input.password, allowPasswordless })
        const { secret, backupCodes } = await enrol(auth, auth.signedIn, settings)
        const issuer = input.issuer || settings.issuer || auth.kernel.options.appName
        return { totpURI: totpUri(secret, { issuer, account: user.email }, settings.totp), backupCodes }
      }),

    disable: procedure
      .sensitive({
        rest: 'POST /two-factor/disable',
        operationId: 'disableTwoFactor',
        ownerOnly: true,
        summary: 'Turns the second factor off',
        description: 'Secret, backup codes and trusted devices are deleted.',
        errors: managingErrors(settings),
        limit: codeLimit,
        sessionCookie: 'set',
        tags,
      })
      .input(z.object({ password }))
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        await assertProved(auth, settings)
        await assertPassword(auth, auth.signedIn.user, { password: input.password, allowPasswordless })
        await turnOff(auth, auth.signedIn)
        return { status: true }
      }),
  }
}

/** `twoFactor.getTotpUri` and `.generateBackupCodes` */
export function secretProcedures({ procedure }: ProcedureBuilder, settings: TwoFactorSettings) {
  const { totp, backupCodes } = settings
  return {
    getTotpUri: procedure
      .sensitive({
        rest: 'POST /two-factor/get-totp-uri',
        operationId: 'getTOTPURI',
        ownerOnly: true,
        summary: "The secret of the user's authenticator app once more",
        errors: [twoFactorErrors.TOTP_NOT_CONFIGURED, twoFactorErrors.TOTP_NOT_ENABLED, ...managingErrors(settings)],
        limit: codeLimit,
        tags,
      })
      .input(z.object({ password: passwordInput(totp.allowPasswordless) }))
      .output(z.object({ totpURI: uri }))
      .mutation(async ({ ctx: { auth }, input: { password } }) => {
        if (totp.isDisabled) throw new AuthError(twoFactorErrors.TOTP_NOT_CONFIGURED)
        await assertProved(auth, settings)
        const { user } = auth.signedIn
        const row = await findTwoFactor(auth, user.id)
        const secret = row && openSecret(auth, row)
        if (!secret) throw new AuthError(twoFactorErrors.TOTP_NOT_ENABLED)
        await assertPassword(auth, user, { password, allowPasswordless: totp.allowPasswordless })
        const issuer = settings.issuer || auth.kernel.options.appName
        return { totpURI: totpUri(secret, { issuer, account: user.email }, totp) }
      }),

    generateBackupCodes: procedure
      .sensitive({
        rest: 'POST /two-factor/generate-backup-codes',
        operationId: 'generateBackupCodes',
        ownerOnly: true,
        summary: 'Makes new backup codes; the old ones are worth nothing any more',
        errors: [twoFactorErrors.TWO_FACTOR_NOT_ENABLED, ...managingErrors(settings)],
        limit: codeLimit,
        tags,
      })
      .input(z.object({ password: passwordInput(backupCodes.allowPasswordless) }))
      .output(z.object({ status: z.boolean(), backupCodes: z.array(z.string()) }))
      .mutation(async ({ ctx: { auth }, input: { password } }) => {
        const user: TwoFactorUser = auth.signedIn.user
        if (!user.twoFactorEnabled) throw new AuthError(twoFactorErrors.TWO_FACTOR_NOT_ENABLED)
        await assertProved(auth, settings)
        await assertPassword(auth, user, { password, allowPasswordless: backupCodes.allowPasswordless })
        if (!(await findTwoFactor(auth, user.id))) throw new AuthError(twoFactorErrors.TWO_FACTOR_NOT_ENABLED)
        const codes = newBackupCodes(backupCodes)
        await updateTwoFactor(auth, user.id, { backupCodes: await encodeBackupCodes(auth, codes, backupCodes) })
        return { status: true, backupCodes: codes }
      }),
  }
}
