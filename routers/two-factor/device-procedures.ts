import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { twoFactorErrors } from './errors.ts'
import { endTrust, forgetTrust, listTrust, revokeTrust } from './trusted-devices.ts'

const tags = ['Two factor']
const status = z.object({ status: z.boolean() })

/** Without its token, which nobody is to see. */
const trustedDevice = z.object({
  id: z.string(),
  userAgent: z.string().nullish(),
  createdAt: z.date(),
  lastUsedAt: z.date(),
  expiresAt: z.date(),
  isCurrent: z.boolean().meta({ description: 'Whether it is the browser that asks' }),
})

/** `twoFactor.listTrustedDevices`, `.revokeTrustedDevice` and `.revokeTrustedDevices` */
export function deviceProcedures({ procedure }: ProcedureBuilder) {
  return {
    listTrustedDevices: procedure
      .session({
        rest: 'GET /two-factor/list-trusted-devices',
        operationId: 'listTrustedDevices',
        summary: 'The browsers that the signed-in user is not asked for a second factor in',
        tags,
      })
      .output(z.array(trustedDevice))
      .query(({ ctx: { auth } }) => listTrust(auth, auth.signedIn.user.id)),

    revokeTrustedDevice: procedure
      .sensitive({
        rest: 'POST /two-factor/revoke-trusted-device',
        operationId: 'revokeTrustedDevice',
        ownerOnly: true,
        summary: 'Asks for the second factor in one of these browsers again',
        description: 'Its sessions go on.',
        errors: [twoFactorErrors.TRUSTED_DEVICE_NOT_FOUND],
        tags,
      })
      .input(z.object({ id: z.string().max(255) }))
      .output(status)
      .mutation(async ({ ctx: { auth }, input: { id } }) => {
        const isFound = await endTrust(auth, { id, userId: auth.signedIn.user.id })
        if (!isFound) throw new AuthError(twoFactorErrors.TRUSTED_DEVICE_NOT_FOUND)
        return { status: true }
      }),

    revokeTrustedDevices: procedure
      .sensitive({
        rest: 'POST /two-factor/revoke-trusted-devices',
        operationId: 'revokeTrustedDevices',
        ownerOnly: true,
        summary: 'Asks for the second factor in all of these browsers again',
        tags,
      })
      .output(status)
      .mutation(async ({ ctx: { auth } }) => {
        await revokeTrust(auth, auth.signedIn.user.id)
        forgetTrust(auth)
        return { status: true }
      }),
  }
}
