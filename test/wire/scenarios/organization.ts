import { organizationClient } from 'better-auth/client/plugins'
import { type OrganizationOptions, organization } from 'better-auth/plugins'
import type { Exchange } from '../exchange.ts'
import { password, type Scenario, withMail } from '../scenario.ts'
import type { Mail, OptionSet } from '../servers.ts'
import type { Side, Visitor } from '../side.ts'

const plugins = [organizationClient({ teams: { enabled: true }, dynamicAccessControl: { enabled: true } })]
export const path = (name: string) => `/organization/${name}`

/** Users are proven, except whose address says otherwise. */
export function withOrganizations(more: (mails: Mail[]) => OrganizationOptions = () => ({})): OptionSet {
  const options = (mails: Mail[]): OrganizationOptions => ({
    sendInvitationEmail: async ({ id, email, role, inviter, organization, invitation }) =>
      void mails.push({
        kind: 'invitation',
        id,
        email,
        role,
        inviter: inviter.user.email,
        by: inviter.role,
        to: organization.slug,
        status: invitation.status,
      }),
    ...more(mails),
  })
  return {
    build: mails => ({
      emailAndPassword: withMail(mails),
      databaseHooks: {
        user: {
          create: { before: async user => ({ data: { ...user, emailVerified: !/^unproven/.test(user.email) } }) },
        },
      },
      plugins: [organization(options(mails))],
    }),
    ourPlugins: async mails => [
      (await import('../../../routers/organization/index.ts')).organization(options(mails) as never),
    ],
  }
}

export const field = (exchange: Exchange, name: string): string =>
  String((exchange.json as Record<string, unknown> | null)?.[name])

/** A user of this name, signed up and signed in. */
export async function person(side: Side, prefix: string, name: string): Promise<Visitor> {
  const visitor = side.visitor()
  await visitor.post(`${prefix}.${name}-signs-up`, '/sign-up/email', { name, email: `${name}@example.com`, password })
  return visitor
}

/** Invites somebody and has it accepted. */
export async function bringIn(
  { owner, guest, step }: { owner: Visitor; guest: Visitor; step: string },
  wish: { email: string; role: string | string[]; organizationId: string; teamId?: string | string[] },
): Promise<{ memberId: string; userId: string }> {
  const invited = await owner.post(`${step}-invited`, path('invite-member'), wish)
  const invitationId = field(invited, 'id')
  const accepted = await guest.post(`${step}-accepts`, path('accept-invitation'), { invitationId })
  const { member } = accepted.json as { member: { id: string; userId: string } }
  return { memberId: member.id, userId: member.userId }
}

const organizations: Scenario = {
  name: 'organization-basics',
  options: withOrganizations(),
  async run(side) {
    const ann = await person(side, 'org', 'ann')
    const ben = await person(side, 'org', 'ben')
    const client = (step: string, call: Parameters<typeof ann.client<typeof plugins>>[1]) =>
      ann.client(`org.${step}`, call, plugins)
    await side.visitor().post('org.create-no-session', path('create'), { name: 'A', slug: 'a' })
    await ann.post('org.create-empty', path('create'), {})
    await ann.post('org.create-empty-name', path('create'), { name: '', slug: '' })
    await ann.get('org.full-without', path('get-full-organization'))
    await ann.post('org.set-active-without', path('set-active'), {})
    const metadata = { plan: 'pro', deep: { seats: 3 } }
    const created = await client('create', c =>
      c.organization.create({ name: 'Acme', slug: 'acme', logo: 'a.png', metadata }),
    )
    const id = field(created, 'id')
    await ann.get('org.session', '/get-session')
    await client('create-taken', c => c.organization.create({ name: 'Acme', slug: 'acme' }))
    const second = await client('create-second', c =>
      c.organization.create({ name: 'Second', slug: 'second', keepCurrentActiveOrganization: true }),
    )
    await ann.get('org.session-kept', '/get-session')
    await client('check-slug', c => c.organization.checkSlug({ slug: 'free' }))
    await client('check-slug-taken', c => c.organization.checkSlug({ slug: 'acme' }))
    await side.visitor().post('org.check-slug-no-session', path('check-slug'), { slug: 'free' })
    await client('list', c => c.organization.list())
    await client('full', c => c.organization.getFullOrganization())
    await client('full-by-slug', c => c.organization.getFullOrganization({ query: { organizationSlug: 'second' } }))
    await ann.get('org.full-unknown', `${path('get-full-organization')}?organizationId=unknown`)
    await ann.get('org.full-limited', `${path('get-full-organization')}?membersLimit=1`)
    await ben.get('org.full-stranger', `${path('get-full-organization')}?organizationSlug=acme`)
    await client('set-active', c => c.organization.setActive({ organizationSlug: 'second' }))
    await ann.post('org.set-active-again', path('set-active'), {})
    await client('set-active-unknown', c => c.organization.setActive({ organizationSlug: 'unknown' }))
    await ben.post('org.set-active-stranger', path('set-active'), { organizationId: id })
    await client('set-active-none', c => c.organization.setActive({ organizationId: null }))
    await client('set-active-none-again', c => c.organization.setActive({ organizationId: null }))
    await ann.post('org.update-no-active', path('update'), { data: { name: 'New' } })
    await client('update', c =>
      c.organization.update({ organizationId: id, data: { name: 'New', metadata: { plan: 'free' } } }),
    )
    await ann.post('org.update-taken', path('update'), { organizationId: id, data: { slug: 'second' } })
    await ann.post('org.update-same-slug', path('update'), { organizationId: id, data: { slug: 'acme' } })
    await ann.post('org.update-empty', path('update'), { organizationId: id, data: {} })
    await ben.post('org.update-stranger', path('update'), { organizationId: id, data: { name: 'Mine' } })
    await ann.post('org.may', path('has-permission'), { organizationId: id, permissions: { organization: ['delete'] } })
    await ann.post('org.may-unknown', path('has-permission'), { organizationId: id, permissions: { sale: ['create'] } })
    await ann.post('org.may-old', path('has-permission'), {
      organizationId: id,
      permission: { organization: ['delete'] },
    })
    await ann.post('org.may-no-active', path('has-permission'), { permissions: { organization: ['delete'] } })
    await ben.post('org.may-stranger', path('has-permission'), { organizationId: id, permissions: {} })
    await ben.post('org.delete-stranger', path('delete'), { organizationId: id })
    await ann.post('org.delete-no-id', path('delete'), { organizationId: '' })
    await ann.post('org.delete-second', path('delete'), { organizationId: field(second, 'id') })
    await client('set-active-to-delete', c => c.organization.setActive({ organizationId: id }))
    await client('delete', c => c.organization.delete({ organizationId: id }))
    await ann.get('org.session-after', '/get-session')
    await ann.get('org.list-after', path('list'))
  },
}

const limits: Scenario = {
  name: 'organization-limits',
  options: withOrganizations(() => ({
    organizationLimit: 1,
    membershipLimit: 2,
    invitationLimit: 2,
    disableOrganizationDeletion: true,
    allowUserToCreateOrganization: async user => user.name !== 'ben',
    creatorRole: 'admin',
    cancelPendingInvitationsOnReInvite: true,
  })),
  async run(side) {
    const ann = await person(side, 'org-limits', 'ann')
    const ben = await person(side, 'org-limits', 'ben')
    const cem = await person(side, 'org-limits', 'cem')
    await ben.post('org-limits.not-allowed', path('create'), { name: 'B', slug: 'b' })
    const organizationId = field(await ann.post('org-limits.create', path('create'), { name: 'A', slug: 'a' }), 'id')
    await ann.post('org-limits.create-more', path('create'), { name: 'A', slug: 'a2' })
    await ann.post('org-limits.delete', path('delete'), { organizationId })
    const invite = (step: string, name: string, more: object = {}) =>
      ann.post(`org-limits.${step}`, path('invite-member'), { email: `${name}@example.com`, role: 'member', ...more })
    const bens = field(await invite('invite-ben', 'ben'), 'id')
    const cems = field(await invite('invite-cem', 'cem'), 'id')
    await invite('invite-too-many', 'dan')
    const again = field(await invite('invite-ben-again', 'ben'), 'id')
    await ben.post('org-limits.accept-canceled', path('accept-invitation'), { invitationId: bens })
    await ben.post('org-limits.accept', path('accept-invitation'), { invitationId: again })
    await cem.post('org-limits.accept-full', path('accept-invitation'), { invitationId: cems })
    await ann.post('org-limits.leave', path('leave'), { organizationId })
    await ann.get('org-limits.invitations', path('list-invitations'))
  },
}

const expiry: Scenario = {
  name: 'organization-expiry',
  options: withOrganizations(() => ({ invitationExpiresIn: 1 })),
  async run(side) {
    const ann = await person(side, 'org-expiry', 'ann')
    const ben = await person(side, 'org-expiry', 'ben')
    await ann.post('org-expiry.create', path('create'), { name: 'A', slug: 'a' })
    const wish = { email: 'ben@example.com', role: 'member' }
    const id = field(await ann.post('org-expiry.invite', path('invite-member'), wish), 'id')
    await new Promise(resolve => setTimeout(resolve, 1200))
    await ben.get('org-expiry.get', `${path('get-invitation')}?id=${id}`)
    await ben.post('org-expiry.accept', path('accept-invitation'), { invitationId: id })
    await ann.post('org-expiry.invite-again', path('invite-member'), wish)
    await ben.post('org-expiry.reject', path('reject-invitation'), { invitationId: id })
  },
}

export const organizationScenarios = [organizations, limits, expiry]
