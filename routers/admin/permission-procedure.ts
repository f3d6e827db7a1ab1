import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { permits } from './authority.ts'
import { adminErrors } from './errors.ts'
import type { AdminSettings } from './options.ts'

/** Actions by resource. */
export const permissionInput = z.record(z.string().max(255), z.array(z.string().max(255)).max(1000))

/** `admin.hasPermission` */
export function permissionProcedures({ procedure }: ProcedureBuilder, settings: AdminSettings) {
  return {
    hasPermission: procedure
      .sensitive({
        rest: 'POST /admin/has-permission',
        operationId: 'userHasPermission',
        summary: 'Whether the signed-in user may do all of this',
        description:
          'Never of anybody else, whatever `userId` or `role` say. `permission` is deprecated: say `permissions`.',
        errors: [adminErrors.NO_PERMISSIONS_PASSED],
        tags: ['Admin'],
      })
      .input(
        z
          .object({
            permissions: permissionInput.optional(),
            permission: permissionInput.optional(),
            userId: z.union([z.string(), z.number()]).optional(),
            role: z.string().optional(),
          })
          .refine(({ permission, permissions }) => (permission === undefined) !== (permissions === undefined), {
            message: 'Invalid input',
          }),
      )
      .output(z.object({ error: z.null(), success: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input: { permissions } }) => {
        if (!permissions) throw new AuthError(adminErrors.NO_PERMISSIONS_PASSED)
        return { error: null, success: permits(settings, auth.signedIn.user, permissions) }
      }),
  }
}
