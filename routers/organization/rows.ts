import type { User } from '../../entities/index.ts'
import type {
  Invitation,
  Member,
  Organization,
  OrganizationRole,
  Team,
  TeamMember,
} from '../../entities/organization.ts'
import type { FindMany, Row, Where } from '../../src/adapters/contract.ts'
import type { RequestContext } from '../../src/context.ts'

/** Rows of this plugin's models. */
export interface Rows {
  organization: Organization
  member: Member
  invitation: Invitation
  team: Team
  teamMember: TeamMember
  organizationRole: OrganizationRole
}

/** What others see of a member's user. */
export type PublicUser = Pick<User, 'id' | 'name' | 'email' | 'image'>
export type MemberWithUser = Member & { user: PublicUser }

/** More rows of one organization than anyone has; a list that is cut off must not be taken for the whole. */
export const MOST = 100_000

type Model = keyof Rows
type Match<M extends Model> = { [K in keyof Rows[M]]?: string }

function whereOf(match: object): Where[] {
  return Object.entries(match).map(([field, value]) => ({ field, value }))
}

/** One row whose fields have these values. */
export async function findRow<M extends Model>(
  { kernel }: RequestContext,
  model: M,
  match: Match<M>,
): Promise<Rows[M] | null> {
  return (await kernel.adapter.findOne({ model, where: whereOf(match) })) as Rows[M] | null
}

/** All such rows, the oldest first. */
export async function listRows<M extends Model>(
  { kernel }: RequestContext,
  model: M,
  { match, ...more }: { match: Match<M>; where?: readonly Where[] } & Partial<Pick<FindMany, 'join' | 'limit'>>,
): Promise<Rows[M][]> {
  const where = [...whereOf(match), ...(more.where ?? [])]
  const sortBy = { field: 'createdAt', direction: 'asc' } as const
  return (await kernel.adapter.findMany({ model, limit: MOST, sortBy, ...more, where })) as unknown as Rows[M][]
}

export function countRows<M extends Model>({ kernel }: RequestContext, model: M, match: Match<M>): Promise<number> {
  return kernel.adapter.count({ model, where: whereOf(match) })
}

export async function insertRow<M extends Model>({ kernel }: RequestContext, model: M, data: object): Promise<Rows[M]> {
  return (await kernel.adapter.create({
    model,
    data: { ...data, id: kernel.newId(model) },
  })) as unknown as Rows[M]
}

/** Changes one row that still is as `match` says; `null` when there is none. */
export async function changeRow<M extends Model>(
  { kernel }: RequestContext,
  model: M,
  { match, update }: { match: Match<M>; update: Row },
): Promise<Rows[M] | null> {
  return (await kernel.adapter.update({ model, where: whereOf(match), update })) as Rows[M] | null
}

/** Deletes such rows. Returns how many there were. */
export function deleteRows<M extends Model>({ kernel }: RequestContext, model: M, match: Match<M>): Promise<number> {
  return kernel.adapter.deleteMany({ model, where: whereOf(match) })
}

/** Has everything else that would change this organization wait until the transaction ends. Its first query. */
export function lockOrganization({ kernel }: RequestContext, id: string): Promise<void> {
  return kernel.adapter.lock({ model: 'organization', where: [{ field: 'id', value: id }] })
}
