import { z } from 'zod'
import { LONGEST_PASSWORD, setPasswordHash } from '../../src/accounts.ts'
import { forgetFailedAttempts } from '../../src/password-attempts.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { deleteSessions } from '../../src/sessions.ts'
import { assertAcceptable, choiceErrors } from '../email-password/index.ts'
import { adminErrors, refusals } from './errors.ts'
import { requirePermission, requireTarget, userId } from './guard.ts'
import type { AdminSettings } from './options.ts'

/** `admin.setUserPassword` */
export function passwordProcedures({ procedure }: ProcedureBuilder, settings: AdminSettings) {
  const refusal = refusals.YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD
  return {
    setUserPassword: procedure
      .sensitive({
        rest: 'POST /admin/set-user-password',
        operationId: 'setUserPassword',
        ownerOnly: true,
        summary: 'Gives a user another password, or a first one',
        description:
          "Ends the user's sessions where `revokeSessionsOnPasswordReset` says so of a reset; not the caller's.",
        errors: [refusal, adminErrors.USER_NOT_FOUND, ...choiceErrors],
        tags: ['Admin'],
      })
      .input(z.object({ newPassword: z.string().min(1, 'newPassword cannot be empty').max(LONGEST_PASSWORD), userId }))
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const { kernel, signedIn } = auth
        const scope = { auth, settings }
        requirePermission(scope, { user: ['set-password'] }, refusal)
        await assertAcceptable(auth, input.newPassword)
        const target = await requireTarget(scope, input.userId, refusal)
        const hash = await kernel.hasher.hash(input.newPassword)
        await kernel.unitOfWork.run(async () => {
          await setPasswordHash(auth, target.id, hash)
          const own = target.id === signedIn.user.id ? signedIn.session.token : undefined
          if (kernel.options.emailAndPassword.revokeSessionsOnPasswordReset) await deleteSessions(auth, target.id, own)
        })
        await forgetFailedAttempts(auth, target)
        await kernel.events.emit('admin.password-set', { userId: target.id, adminId: signedIn.user.id })
        return { status: true }
      }),
  }
}
