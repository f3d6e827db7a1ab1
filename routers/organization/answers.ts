import { z } from 'zod'
import { outputSchema } from '../../entities/index.ts'
import type {
  Invitation,
  Member,
  Organization,
  OrganizationRole,
  Team,
  TeamMember,
} from '../../entities/organization.ts'
import type { MemberWithUser } from './rows.ts'
import type { OrganizationModels } from './schema.ts'
import type { Parts } from './scope.ts'

type Metadata = Record<string, unknown>

/** An organization whose metadata is an object: what creating and updating one answers. Elsewhere it is JSON text. */
export type OpenedOrganization = Omit<Organization, 'metadata'> & { metadata?: Metadata }

export function opened({ metadata, ...organization }: Organization): OpenedOrganization {
  return { ...organization, ...(metadata && { metadata: JSON.parse(metadata) as Metadata }) }
}

/** The row's JSON text; `undefined` leaves it as it is. */
export function closed(metadata: unknown): string | null | undefined {
  if (metadata === null || metadata === undefined || typeof metadata === 'string') return metadata
  return JSON.stringify(metadata)
}

export type Answers = ReturnType<typeof answersOf>

/** What procedures are made of. */
export interface Given {
  parts: Parts
  answers: Answers
}

/** Zod schemas of what the procedures answer, the application's fields included. */
export function answersOf(models: OrganizationModels) {
  const organization = outputSchema<Organization>('Organization', models.organization.fields)
  const member = outputSchema<Member>('Member', models.member.fields)
  const invitation = outputSchema<Invitation>('Invitation', models.invitation.fields)
  const team = outputSchema<Team>('Team', models.team.fields)
  const publicUser = z.object({ id: z.string(), name: z.string(), email: z.string(), image: z.string().nullish() })
  const memberWithUser = extended<MemberWithUser>(member, { user: publicUser })
  return {
    organization,
    openedOrganization: extended<OpenedOrganization>(organization, {
      metadata: z.record(z.string(), z.unknown()).optional(),
    }),
    member,
    memberWithUser,
    invitation,
    team,
    teamMember: outputSchema<TeamMember>('TeamMember', models.teamMember.fields),
    role: extended<RoleAnswer>(outputSchema('OrganizationRole', models.organizationRole.fields), {
      permission: z.record(z.string(), z.array(z.string())).nullable(),
    }),
    fullOrganization: extended<FullOrganization>(organization, {
      invitations: z.array(invitation),
      members: z.array(memberWithUser),
      teams: z.array(team).optional(),
    }),
  }
}

export type RoleAnswer = Omit<OrganizationRole, 'permission'> & { permission: Record<string, string[]> | null }

export type FullOrganization = Organization & {
  invitations: Invitation[]
  members: MemberWithUser[]
  teams?: Team[]
}

/** A row's schema with more fields, or others in their place. */
export function extended<Row>(row: z.ZodType, fields: Record<string, z.ZodType>): z.ZodType<Row, Row> {
  // Rows' schemas are objects whose shape is known at run time only.
  return (row as z.ZodObject).extend(fields) as unknown as z.ZodType<Row, Row>
}
