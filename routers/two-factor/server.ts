import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ServerProcedureBuilder } from '../../src/plugin.ts'
import { readBackupCodes } from './backup-codes.ts'
import { twoFactorErrors } from './errors.ts'
import type { TwoFactorSettings } from './options.ts'
import { findTwoFactor } from './store.ts'
import { totp } from './totp.ts'

const tags = ['Two factor']

/** `twoFactor.generateTOTP` and `.viewBackupCodes` */
export function twoFactorServerProcedures({ procedure }: ServerProcedureBuilder, settings: TwoFactorSettings) {
  return {
    twoFactor: {
      generateTOTP: procedure
        .public({
          operationId: 'generateTOTP',
          summary: 'The code that an authenticator with this secret shows now',
          description: 'The secret is the text itself, not its base32 form.',
          errors: [twoFactorErrors.TOTP_NOT_CONFIGURED],
          tags,
        })
        .input(z.object({ secret: z.string() }))
        .output(z.object({ code: z.string() }))
        .mutation(async ({ ctx: { auth }, input: { secret } }) => {
          if (settings.totp.isDisabled) throw new AuthError(twoFactorErrors.TOTP_NOT_CONFIGURED)
          return { code: totp(secret, auth.kernel.now(), settings.totp) }
        }),

      viewBackupCodes: procedure
        .public({
          operationId: 'viewBackupCodes',
          summary: 'The backup codes that a user has left',
          description: 'On behalf of that user: the application says who it is, and must know.',
          errors: [twoFactorErrors.BACKUP_CODES_NOT_ENABLED, twoFactorErrors.BACKUP_CODES_NOT_VIEWABLE],
          tags,
        })
        .input(z.object({ userId: z.string() }))
        .output(z.object({ status: z.boolean(), backupCodes: z.array(z.string()) }))
        .mutation(async ({ ctx: { auth }, input: { userId } }) => {
          const row = await findTwoFactor(auth, userId)
          if (!row) throw new AuthError(twoFactorErrors.BACKUP_CODES_NOT_ENABLED)
          const backupCodes = await readBackupCodes(auth, row, settings.backupCodes)
          if (!backupCodes) throw new AuthError(twoFactorErrors.BACKUP_CODES_NOT_VIEWABLE)
          return { status: true, backupCodes }
        }),
    },
  }
}

export interface TwoFactorServerRouter extends ReturnType<typeof twoFactorServerProcedures> {}
