import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { deleteUser } from '../../src/users.ts'
import { adminErrors, refusals } from './errors.ts'
import { requirePermission, requireTarget, userId } from './guard.ts'
import type { AdminSettings } from './options.ts'

/** `admin.removeUser` */
export function removeProcedures({ procedure }: ProcedureBuilder, settings: AdminSettings) {
  const refusal = refusals.YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS
  return {
    removeUser: procedure
      .sensitive({
        rest: 'POST /admin/remove-user',
        operationId: 'removeUser',
        summary: 'Deletes a user with all that is theirs',
        errors: [refusal, adminErrors.YOU_CANNOT_REMOVE_YOURSELF, adminErrors.USER_NOT_FOUND],
        tags: ['Admin'],
      })
      .input(z.object({ userId }))
      .output(z.object({ success: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const scope = { auth, settings }
        const adminId = auth.signedIn.user.id
        requirePermission(scope, { user: ['delete'] }, refusal)
        if (input.userId === adminId) throw new AuthError(adminErrors.YOU_CANNOT_REMOVE_YOURSELF)
        const target = await requireTarget(scope, input.userId, refusal)
        await deleteUser(auth, target)
        await auth.kernel.events.emit('admin.user-removed', { userId: target.id, adminId })
        return { success: true }
      }),
  }
}
