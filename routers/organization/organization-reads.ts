import { z } from 'zod'
import type { Organization } from '../../entities/organization.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { activeOf, remember } from './active.ts'
import type { FullOrganization, Given } from './answers.ts'
import { organizationErrors as errors, notInOrganization } from './errors.ts'
import { findMember, requireMember, requireOrganization, withPublicUser } from './membership.ts'
import { idInput } from './organization-inputs.ts'
import { findRow, listRows, type MemberWithUser } from './rows.ts'
import { found, type Scope } from './scope.ts'
import { assertSecondFactor } from './second-factor.ts'

const tags = ['Organization']

/** `organization.list`, `.getFull`, `.checkSlug` and `.setActive` */
export function organizationReads(builder: ProcedureBuilder, given: Given) {
  return {
    list: listProcedure(builder, given),
    getFull: getFullProcedure(builder, given),
    checkSlug: checkSlugProcedure(builder),
    setActive: setActiveProcedure(builder, given),
  }
}

function listProcedure({ procedure }: ProcedureBuilder, { answers }: Given) {
  return procedure
    .session({
      rest: 'GET /organization/list',
      operationId: 'listOrganizations',
      summary: 'The organizations that the signed-in user is in',
      tags,
    })
    .output(z.array(answers.organization))
    .query(async ({ ctx: { auth } }) => {
      const match = { userId: auth.signedIn.user.id }
      const members = await listRows(auth, 'member', { match, join: 'organization' })
      return members.map(member => (member as unknown as { organization: Organization }).organization)
    })
}

function getFullProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return procedure
    .session({
      rest: 'GET /organization/get-full-organization',
      operationId: 'getFullOrganization',
      summary: 'An organization with its members, invitations and teams; `null` without an active one',
      errors: [errors.ORGANIZATION_NOT_FOUND, notInOrganization],
      tags,
    })
    .input(
      z
        .object({
          organizationId: idInput.optional(),
          organizationSlug: idInput.optional(),
          membersLimit: z.coerce.number().int().min(0).max(1_000_000).optional(),
        })
        .optional(),
    )
    .output(z.union([answers.fullOrganization, z.null()]))
    .query(async ({ ctx: { auth }, input = {} }) => {
      const scope = { auth, ...parts }
      const id = input.organizationId || activeOf(auth).activeOrganizationId
      if (!input.organizationSlug && !id) return null
      const match = input.organizationSlug ? { slug: input.organizationSlug } : { id: id as string }
      const organization = found(await findRow(auth, 'organization', match), errors.ORGANIZATION_NOT_FOUND)
      await requireMember(scope, organization.id, notInOrganization)
      return fullOrganization(scope, organization, input.membersLimit)
    })
}

function checkSlugProcedure({ procedure }: ProcedureBuilder) {
  return procedure
    .session({
      rest: 'POST /organization/check-slug',
      operationId: 'checkOrganizationSlug',
      summary: 'Whether no organization has this slug yet',
      errors: [errors.ORGANIZATION_SLUG_ALREADY_TAKEN],
      tags,
    })
    .input(z.object({ slug: idInput }))
    .output(z.object({ status: z.boolean() }))
    .mutation(async ({ ctx: { auth }, input: { slug } }) => {
      if (await findRow(auth, 'organization', { slug })) {
        throw new AuthError(errors.ORGANIZATION_SLUG_ALREADY_TAKEN)
      }
      return { status: true }
    })
}

function setActiveProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return procedure
    .sensitive({
      rest: 'POST /organization/set-active',
      operationId: 'setActiveOrganization',
      summary: "Makes an organization the session's active one, or with `organizationId: null` none",
      errors: [errors.ORGANIZATION_NOT_FOUND, notInOrganization],
      sessionCookie: 'set',
      tags,
    })
    .input(z.object({ organizationId: idInput.nullish(), organizationSlug: idInput.optional() }))
    .output(z.union([answers.organization, z.null()]))
    .mutation(async ({ ctx: { auth }, input }) => {
      const scope = { auth, ...parts }
      const active = activeOf(auth).activeOrganizationId
      if (input.organizationId === null) {
        if (active) await remember(scope, { activeOrganizationId: null }, { isSent: true })
        return null
      }
      const id = await chosen(scope, input)
      if (!id) return null
      const member = await findMember(scope, { organizationId: id, userId: auth.signedIn.user.id })
      if (!member) {
        // Whoever is no member any more has nothing active there.
        if (active) await remember(scope, { activeOrganizationId: null })
        throw new AuthError(notInOrganization)
      }
      await assertSecondFactor(scope, member)
      const organization = await requireOrganization(scope, id)
      await remember(scope, { activeOrganizationId: id }, { isSent: true })
      return organization
    })
}

/** The id that an input names, or else that of the active organization. */
async function chosen(
  { auth }: Scope,
  { organizationId, organizationSlug }: { organizationId?: string | null; organizationSlug?: string },
): Promise<string | null | undefined> {
  if (organizationId) return organizationId
  if (!organizationSlug) return activeOf(auth).activeOrganizationId
  const bySlug = await findRow(auth, 'organization', { slug: organizationSlug })
  return found(bySlug, errors.ORGANIZATION_NOT_FOUND).id
}

async function fullOrganization(
  { auth, options }: Scope,
  organization: Organization,
  membersLimit: number | undefined,
): Promise<FullOrganization> {
  const match = { organizationId: organization.id }
  const { membershipLimit } = options
  const limit = membersLimit || (typeof membershipLimit === 'number' ? membershipLimit : 100)
  const members = (await listRows(auth, 'member', { match, join: 'user', limit })) as MemberWithUser[]
  return {
    ...organization,
    invitations: await listRows(auth, 'invitation', { match }),
    members: members.map(withPublicUser),
    ...(options.teams.enabled && { teams: await listRows(auth, 'team', { match }) }),
  }
}
