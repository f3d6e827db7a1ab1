import type { OrganizationOptions } from '../../../routers/organization/index.ts'
import { organization } from '../../../routers/organization/index.ts'
import type { Row } from '../../../src/index.ts'
import type { Answer, Visitor } from '../../support/visitor.ts'
import type { StartInstance, TestInstance } from '../every-instance.ts'

const password = 'correct horse battery'

/** An instance with organizations, and shorthands for what tests do with them. */
export interface Company extends TestInstance {
  /** A new user whose address is proven, signed in. */
  join(name: string): Promise<Visitor>
  /** The id of a new organization of this user's. */
  found(owner: Visitor, slug: string): Promise<string>
  /** A user's row. */
  user(name: string): Promise<Row>
  /** A user's row of `member`, by the organization it is in. */
  memberId(organizationId: string, name: string): Promise<string>
  /** Makes a user a member without an invitation. */
  add(organizationId: string, name: string, role?: string): Promise<void>
}

export async function openCompany(start: StartInstance, options: OrganizationOptions = {}): Promise<Company> {
  const instance = await start({ plugins: [organization(options)] })
  const { adapter } = instance.auth.context
  const emailOf = (name: string) => `${name}@example.com`
  const user = async (name: string) => {
    const row = await adapter.findOne({ model: 'user', where: [{ field: 'email', value: emailOf(name) }] })
    if (!row) throw new Error(`there is no ${name}`)
    return row
  }
  return {
    ...instance,
    user,
    join: async name => {
      const visitor = instance.visit()
      await visitor.post('/sign-up/email', { name, email: emailOf(name), password })
      const where = [{ field: 'email', value: emailOf(name) }]
      await adapter.update({ model: 'user', where, update: { emailVerified: true } })
      return visitor
    },
    found: async (owner, slug) => String((await owner.post('/organization/create', { name: slug, slug })).body.id),
    memberId: async (organizationId, name) => {
      const { id } = await user(name)
      const member = (await instance.rows('member')).find(
        row => row.organizationId === organizationId && row.userId === id,
      )
      return String(member?.id)
    },
    add: async (organizationId, name, role = 'member') => {
      const caller = instance.auth.caller() as unknown as {
        organization: { member: { add(input: object): Promise<unknown> } }
      }
      await caller.organization.member.add({ organizationId, userId: String((await user(name)).id), role })
    },
  }
}

/** Status and code of an answer. */
export function told({ status, body }: Answer): string {
  return body.code ? `${status} ${body.code}` : String(status)
}

/** How often each outcome occurred. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[told(answer)] = (counts[told(answer)] ?? 0) + 1
  return counts
}
