import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import type { Given } from './answers.ts'
import { roleErrors as errors, memberErrors, organizationErrors } from './errors.ts'
import { targetOf } from './membership.ts'
import { idInput } from './organization-inputs.ts'
import { commonErrors, isKeyed, permitted, roleKey, roleOf } from './role-access.ts'
import { roleAnswer } from './roles.ts'
import { listRows } from './rows.ts'

const tags = ['Organization roles']

/** `organization.role.list` and `.get` */
export function roleReads({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return {
    list: procedure
      .session({
        rest: 'GET /organization/list-roles',
        operationId: 'listOrgRoles',
        summary: "An organization's own roles",
        errors: [...commonErrors, errors.YOU_ARE_NOT_ALLOWED_TO_LIST_A_ROLE],
        tags,
      })
      .input(z.object({ organizationId: idInput.optional() }).optional())
      .output(z.array(answers.role))
      .query(async ({ ctx: { auth }, input = {} }) => {
        const scope = { auth, ...parts }
        const organizationId = targetOf(scope, input.organizationId, organizationErrors.NO_ACTIVE_ORGANIZATION)
        await permitted(scope, { organizationId, action: 'read' }, errors.YOU_ARE_NOT_ALLOWED_TO_LIST_A_ROLE)
        return (await listRows(auth, 'organizationRole', { match: { organizationId } })).map(roleAnswer)
      }),

    get: procedure
      .session({
        rest: 'GET /organization/get-role',
        operationId: 'getOrgRole',
        summary: "One of an organization's own roles, by name or id",
        errors: [...commonErrors, errors.YOU_ARE_NOT_ALLOWED_TO_READ_A_ROLE, memberErrors.ROLE_NOT_FOUND],
        tags,
      })
      .input(z.object({ organizationId: idInput.optional(), ...roleKey }).refine(isKeyed))
      .output(answers.role)
      .query(async ({ ctx: { auth }, input }) => {
        const scope = { auth, ...parts }
        const organizationId = targetOf(scope, input.organizationId, organizationErrors.NO_ACTIVE_ORGANIZATION)
        await permitted(scope, { organizationId, action: 'read' }, errors.YOU_ARE_NOT_ALLOWED_TO_READ_A_ROLE)
        return roleAnswer(await roleOf(scope, organizationId, input))
      }),
  }
}
