import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { mayAskNothing, organizationErrors } from './errors.ts'
import { requireMember, targetOf } from './membership.ts'
import { idInput, permissionInput } from './organization-inputs.ts'
import { isAllowed } from './permissions.ts'
import type { Parts } from './scope.ts'

const input = z
  .object({
    organizationId: idInput.optional(),
    permissions: permissionInput.optional(),
    /** Of former times: it is taken, and allows nothing. */
    permission: permissionInput.optional(),
  })
  .refine(({ permission, permissions }) => (permission === undefined) !== (permissions === undefined), {
    message: 'Invalid input',
  })

/** `organization.hasPermission` */
export function permissionProcedures({ procedure }: ProcedureBuilder, parts: Parts) {
  return {
    hasPermission: procedure
      .sensitive({
        rest: 'POST /organization/has-permission',
        operationId: 'hasPermission',
        summary: 'Whether the signed-in user may do all of this in the organization',
        description: '`permission` is deprecated and never allowed; say `permissions`.',
        errors: [organizationErrors.NO_ACTIVE_ORGANIZATION, mayAskNothing],
        tags: ['Organization'],
      })
      .input(input)
      .output(z.object({ error: z.null(), success: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input: { organizationId: given, permissions } }) => {
        const scope = { auth, ...parts }
        const organizationId = targetOf(scope, given, organizationErrors.NO_ACTIVE_ORGANIZATION)
        const member = await requireMember(scope, organizationId, mayAskNothing)
        return { error: null, success: permissions !== undefined && (await isAllowed(scope, member, permissions)) }
      }),
  }
}
