import { z } from 'zod'
import { fieldErrors, parseFields } from '../../src/additional-fields.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import type { Given } from './answers.ts'
import { roleErrors as errors, memberErrors, organizationErrors } from './errors.ts'
import { targetOf } from './membership.ts'
import { idInput, inputWith, permissionInput } from './organization-inputs.ts'
import { commonErrors, isKeyed, permitted, roleKey, roleOf } from './role-access.ts'
import {
  assertMayGrant,
  assertNameIsFree,
  assertRoomForRole,
  assertUnassigned,
  renameRole,
  roleAnswer,
  roleNameOf,
} from './roles.ts'
import { changeRow, deleteRows, insertRow, lockOrganization } from './rows.ts'
import { found } from './scope.ts'

const tags = ['Organization roles']
// A comma would make two roles of one.
const newName = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .regex(/^[^,]*$/)
/** `organization.role.create`, `.update` and `.delete` */
export function roleProcedures(builder: ProcedureBuilder, given: Given) {
  return { ...creating(builder, given), ...changing(builder, given) }
}

function creating({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { additionalFields } = parts.models.organizationRole
  return {
    create: procedure
      .sensitive({
        rest: 'POST /organization/create-role',
        operationId: 'createOrgRole',
        summary: 'Makes a role of an organization, which permits no more than its maker may',
        errors: [
          errors.YOU_MUST_BE_IN_AN_ORGANIZATION_TO_CREATE_A_ROLE,
          organizationErrors.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION,
          errors.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE,
          errors.TOO_MANY_ROLES,
          errors.INVALID_RESOURCE,
          errors.ROLE_NAME_IS_ALREADY_TAKEN,
          ...Object.values(fieldErrors),
        ],
        tags,
      })
      .input(
        z.object({
          organizationId: idInput.optional(),
          role: newName,
          permission: permissionInput,
          additionalFields: inputWith({}, additionalFields).optional(),
        }),
      )
      .output(z.object({ success: z.boolean(), roleData: answers.role, statements: permissionInput }))
      .mutation(async ({ ctx: { auth }, input: { permission, ...input } }) => {
        const scope = { auth, ...parts }
        const refusal = errors.YOU_MUST_BE_IN_AN_ORGANIZATION_TO_CREATE_A_ROLE
        const organizationId = targetOf(scope, input.organizationId, refusal)
        const role = roleNameOf(scope, input.role)
        const member = await permitted(
          scope,
          { organizationId, action: 'create' },
          errors.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE,
        )
        await assertRoomForRole(scope, organizationId)
        await assertMayGrant(scope, { holder: member, permission }, errors.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE)
        const fields = parseFields(additionalFields, input.additionalFields ?? {}, 'create')
        const row = await auth.kernel.unitOfWork.run(async () => {
          await lockOrganization(auth, organizationId)
          await assertRoomForRole(scope, organizationId)
          await assertNameIsFree(scope, { organizationId, role })
          const createdAt = auth.kernel.now()
          const data = { ...fields, organizationId, role, permission: JSON.stringify(permission), createdAt }
          return insertRow(auth, 'organizationRole', data)
        })
        return { success: true, roleData: roleAnswer(row), statements: permission }
      }),
  }
}

function changing(builder: ProcedureBuilder, given: Given) {
  return {
    update: updateProcedure(builder, given),
    delete: deleteProcedure(builder, given),
  }
}

function updateProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { additionalFields } = parts.models.organizationRole
  return procedure
    .sensitive({
      rest: 'POST /organization/update-role',
      operationId: 'updateOrgRole',
      summary: 'Changes what a role permits, or its name, which all who have it follow',
      errors: [
        ...commonErrors,
        errors.YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE,
        memberErrors.ROLE_NOT_FOUND,
        errors.INVALID_RESOURCE,
        errors.ROLE_NAME_IS_ALREADY_TAKEN,
        ...Object.values(fieldErrors),
      ],
      tags,
    })
    .input(
      z
        .object({
          organizationId: idInput.optional(),
          data: inputWith(
            { permission: permissionInput.optional(), roleName: newName.optional() },
            additionalFields,
            false,
          ),
          ...roleKey,
        })
        .refine(isKeyed),
    )
    .output(z.object({ success: z.boolean(), roleData: answers.role }))
    .mutation(async ({ ctx: { auth }, input }) => {
      const scope = { auth, ...parts }
      const refusal = errors.YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE
      const organizationId = targetOf(scope, input.organizationId, organizationErrors.NO_ACTIVE_ORGANIZATION)
      const holder = await permitted(scope, { organizationId, action: 'update' }, refusal)
      const row = await roleOf(scope, organizationId, input)
      const { permission, roleName, ...rest } = input.data
      const fields = parseFields(additionalFields, rest, 'update')
      if (permission) await assertMayGrant(scope, { holder, permission }, refusal)
      const role = roleName === undefined ? undefined : roleNameOf(scope, roleName)
      const text = permission && JSON.stringify(permission)
      const update = { ...fields, role, permission: text, updatedAt: auth.kernel.now() }
      const updated = await auth.kernel.unitOfWork.run(async () => {
        await lockOrganization(auth, organizationId)
        if (role !== undefined) {
          await assertNameIsFree(scope, { organizationId, role })
          await renameRole(scope, row, role)
        }
        return found(
          await changeRow(auth, 'organizationRole', { match: { id: row.id, role: row.role }, update }),
          memberErrors.ROLE_NOT_FOUND,
        )
      })
      return { success: true, roleData: roleAnswer(updated) }
    })
}

function deleteProcedure({ procedure }: ProcedureBuilder, { parts }: Given) {
  return procedure
    .sensitive({
      rest: 'POST /organization/delete-role',
      operationId: 'deleteOrgRole',
      summary: 'Deletes a role that no member has',
      errors: [
        ...commonErrors,
        errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE,
        errors.CANNOT_DELETE_A_PRE_DEFINED_ROLE,
        memberErrors.ROLE_NOT_FOUND,
        errors.ROLE_IS_ASSIGNED_TO_MEMBERS,
      ],
      tags,
    })
    .input(z.object({ organizationId: idInput.optional(), ...roleKey }).refine(isKeyed))
    .output(z.object({ success: z.boolean() }))
    .mutation(async ({ ctx: { auth }, input }) => {
      const scope = { auth, ...parts }
      const organizationId = targetOf(scope, input.organizationId, organizationErrors.NO_ACTIVE_ORGANIZATION)
      await permitted(scope, { organizationId, action: 'delete' }, errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE)
      if (input.roleName && parts.options.predefinedRoles.has(input.roleName)) {
        throw new AuthError(errors.CANNOT_DELETE_A_PRE_DEFINED_ROLE)
      }
      await auth.kernel.unitOfWork.run(async () => {
        await lockOrganization(auth, organizationId)
        const row = await roleOf(scope, organizationId, input)
        await assertUnassigned(scope, row)
        await deleteRows(auth, 'organizationRole', { id: row.id })
      })
      return { success: true }
    })
}
