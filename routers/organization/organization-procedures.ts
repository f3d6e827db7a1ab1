import { z } from 'zod'
import type { Member } from '../../entities/organization.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import { fieldErrors, parseFields } from '../../src/additional-fields.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { Draft } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { closed, extended, type Given, type OpenedOrganization, opened } from './answers.ts'
import { createOrganization } from './create-organization.ts'
import { deleteOrganization } from './delete-organization.ts'
import { organizationErrors as errors } from './errors.ts'
import { requireMember, requireOrganization, requirePermission, targetOf } from './membership.ts'
import { idInput, inputWith } from './organization-inputs.ts'
import { changeRow, findRow } from './rows.ts'
import { amendedBy, found } from './scope.ts'

const tags = ['Organization']
const name = z.string().min(1).max(1024)
const slug = z.string().min(1).max(255)
const logo = z.string().max(65_536)
const metadata = z.record(z.string(), z.unknown()).refine(value => JSON.stringify(value).length <= 65_536, {
  message: 'Too big: expected at most 65536 characters of JSON',
})

export const newOrganization = { name, slug, logo: logo.optional(), metadata: metadata.optional() }

/** `organization.create`, `.update` and `.delete` */
export function organizationProcedures(builder: ProcedureBuilder, given: Given) {
  return {
    create: createProcedure(builder, given),
    update: updateProcedure(builder, given),
    delete: deleteProcedure(builder, given),
  }
}

function createProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { options, models } = parts
  const { additionalFields } = models.organization
  return procedure
    .sensitive({
      rest: 'POST /organization/create',
      operationId: 'createOrganization',
      summary: 'Creates an organization, whose owner is the signed-in user, and makes it the active one',
      errors: [
        errors.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_ORGANIZATION,
        errors.YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS,
        errors.ORGANIZATION_ALREADY_EXISTS,
        ...Object.values(fieldErrors),
      ],
      tags,
    })
    .input(inputWith({ ...newOrganization, keepCurrentActiveOrganization: z.boolean().optional() }, additionalFields))
    .output(
      extended<OpenedOrganization & { members: Member[] }>(answers.openedOrganization, {
        members: z.array(answers.member),
      }),
    )
    .mutation(async ({ ctx: { auth }, input }) => {
      const scope = { auth, ...parts }
      const { user } = auth.signedIn
      const { allowUserToCreateOrganization: mayCreate = true } = options
      const isAllowed = typeof mayCreate === 'function' ? await askApplication(() => mayCreate(user)) : mayCreate
      if (!isAllowed) throw new AuthError(errors.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_ORGANIZATION)
      const { name, slug, logo, metadata, keepCurrentActiveOrganization, ...rest } = input
      const fields = { ...parseFields(additionalFields, rest, 'create'), name, slug, logo, metadata }
      const isActive = !keepCurrentActiveOrganization
      const { organization, member } = await createOrganization(scope, { user, fields }, isActive ? scope : undefined)
      return { ...opened(organization), members: [member] }
    })
}

function updateProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { options, models } = parts
  const { additionalFields } = models.organization
  const { hooks } = options
  return procedure
    .sensitive({
      rest: 'POST /organization/update',
      operationId: 'updateOrganization',
      summary: 'Changes an organization',
      errors: [
        errors.ORGANIZATION_NOT_FOUND,
        errors.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION,
        errors.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION,
        errors.ORGANIZATION_SLUG_ALREADY_TAKEN,
        ...Object.values(fieldErrors),
      ],
      tags,
    })
    .input(
      z.object({
        data: inputWith(
          { name: name.optional(), slug: slug.optional(), logo: logo.optional(), metadata: metadata.optional() },
          additionalFields,
          false,
        ),
        organizationId: idInput.optional(),
      }),
    )
    .output(answers.openedOrganization)
    .mutation(async ({ ctx: { auth }, input }) => {
      const scope = { auth, ...parts }
      const { user } = auth.signedIn
      const id = targetOf(scope, input.organizationId, errors.ORGANIZATION_NOT_FOUND)
      const member = await requireMember(scope, id, errors.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION)
      const permissions = { organization: ['update'] }
      await requirePermission(scope, { member, permissions }, errors.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION)
      const { name, slug, logo, metadata, ...rest } = input.data
      const taken = new AuthError(errors.ORGANIZATION_SLUG_ALREADY_TAKEN)
      const namesake = slug === undefined ? null : await findRow(auth, 'organization', { slug })
      if (namesake && namesake.id !== id) throw taken
      const given: Draft = { ...parseFields(additionalFields, rest, 'update'), name, slug, logo, metadata }
      const before = hooks.beforeUpdateOrganization
      const changes = await amendedBy(given, before && (() => before({ organization: given, user, member })))
      const update = { ...changes, metadata: closed(changes.metadata) }
      const organization = await changeRow(auth, 'organization', { match: { id }, update }).catch(error => {
        throw error instanceof UniqueViolation ? taken : error
      })
      const updated = opened(found(organization, errors.ORGANIZATION_NOT_FOUND))
      const told = { organization: updated as never, user, member }
      await tellApplication(auth, 'afterUpdateOrganization', () => hooks.afterUpdateOrganization?.(told))
      return updated
    })
}

function deleteProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { options } = parts
  return procedure
    .sensitive({
      rest: 'POST /organization/delete',
      operationId: 'deleteOrganization',
      summary: 'Deletes an organization with all that belongs to it',
      errors: [
        errors.ORGANIZATION_DELETION_DISABLED,
        errors.ORGANIZATION_NOT_FOUND,
        errors.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION,
        errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION,
      ],
      tags,
    })
    .input(z.object({ organizationId: idInput }))
    .output(answers.organization)
    .mutation(async ({ ctx: { auth }, input: { organizationId } }) => {
      const scope = { auth, ...parts }
      if (options.disableOrganizationDeletion) throw new AuthError(errors.ORGANIZATION_DELETION_DISABLED)
      if (!organizationId) throw new AuthError(errors.ORGANIZATION_NOT_FOUND)
      const member = await requireMember(scope, organizationId, errors.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION)
      const permissions = { organization: ['delete'] }
      await requirePermission(scope, { member, permissions }, errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION)
      const organization = await requireOrganization(scope, organizationId)
      await deleteOrganization(scope, organization)
      return organization
    })
}
