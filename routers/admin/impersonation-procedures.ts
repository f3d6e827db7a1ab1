import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { findUserById } from '../../src/users.ts'
import { adminErrors, refusals } from './errors.ts'
import { requirePermission, userId } from './guard.ts'
import { assertMayImpersonate, impersonationErrors, startImpersonating, stopImpersonating } from './impersonation.ts'
import type { AdminSettings } from './options.ts'

const tags = ['Admin']

/** Whom the browser is signed in as. */
function signedInOutput({ session, user }: ProcedureBuilder['schemas']) {
  return z.object({ session, user })
}

/** `admin.impersonateUser` */
export function impersonateProcedures({ procedure, schemas }: ProcedureBuilder, settings: AdminSettings) {
  return {
    impersonateUser: procedure
      .sensitive({
        rest: 'POST /admin/impersonate-user',
        operationId: 'impersonateUser',
        ownerOnly: true,
        summary: 'Signs the administrator in as another user, for a limited time',
        description:
          'The session names the administrator in `impersonatedBy`, and does nothing that only the user may do, such as ' +
          'changing the password.',
        errors: impersonationErrors,
        sessionCookie: 'set',
        tags,
      })
      .input(z.object({ userId }))
      .output(signedInOutput(schemas))
      .mutation(async ({ ctx: { auth }, input }) => {
        const scope = { auth, settings }
        requirePermission(scope, { user: ['impersonate'] }, refusals.YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS)
        const target = await findUserById(auth, input.userId)
        if (!target) throw new AuthError(adminErrors.USER_NOT_FOUND)
        assertMayImpersonate(scope, target)
        return startImpersonating(scope, target)
      }),
  }
}

/** `admin.stopImpersonating` */
export function stopImpersonatingProcedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    stopImpersonating: procedure
      .sensitive({
        rest: 'POST /admin/stop-impersonating',
        operationId: 'stopImpersonating',
        summary: 'Ends the impersonation; the administrator is signed in again',
        errors: [adminErrors.YOU_ARE_NOT_IMPERSONATING_ANYONE, adminErrors.FAILED_TO_FIND_ADMIN_SESSION],
        sessionCookie: 'set',
        tags,
      })
      .output(signedInOutput(schemas))
      .mutation(({ ctx: { auth } }) => stopImpersonating(auth)),
  }
}
