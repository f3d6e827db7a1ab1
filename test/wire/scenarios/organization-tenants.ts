import type { Scenario } from '../scenario.ts'
import { field, path, person, withOrganizations } from './organization.ts'

const organizations = withOrganizations()

/** What a member of one organization tries on another one, and what else Better Auth 1.6.11 lets through. */
const tenants: Scenario = {
  name: 'organization-tenants',
  options: withOrganizations(() => ({ teams: { enabled: true } })),
  async run(side) {
    const ann = await person(side, 'tenant', 'ann')
    const eve = await person(side, 'tenant', 'eve')
    const ben = await person(side, 'tenant', 'ben')
    const organizationId = field(await ann.post('tenant.anns', path('create'), { name: 'A', slug: 'a' }), 'id')
    const own = field(await ann.get('tenant.ann-member', path('get-active-member')), 'id')
    const teams = (await ann.get('tenant.anns-teams', path('list-teams'))).json as { id: string }[]
    const evesId = field(await eve.post('tenant.eves', path('create'), { name: 'E', slug: 'e' }), 'id')
    await eve.post('tenant.add-by-http', path('add-member'), { organizationId, userId: 'x', role: 'owner' })
    await eve.post('tenant.role-of-other', path('update-member-role'), { memberId: own, role: 'member' })
    await eve.post('tenant.remove-of-other', path('remove-member'), { memberIdOrEmail: own })
    await eve.post('tenant.remove-of-other-by-address', path('remove-member'), { memberIdOrEmail: 'ann@example.com' })
    await eve.post('tenant.team-of-other', path('invite-member'), {
      email: 'ben@example.com',
      role: 'member',
      teamId: teams[0]?.id,
    })
    await eve.get('tenant.team-members-of-other', `${path('list-team-members')}?teamId=${teams[0]?.id}`)
    await eve.post('tenant.create-for-other', path('create'), { name: 'X', slug: 'x', userId: 'somebody' })
    await eve.get('tenant.eve-session', '/get-session')
    await eve.post('tenant.session-field', '/update-session', { activeOrganizationId: organizationId })
    await ann.post('tenant.unknown-role', path('update-member-role'), { memberId: own, role: ['owner', 'unknown'] })
    await ann.post('tenant.role-back', path('update-member-role'), { memberId: own, role: 'owner' })

    const wish = { email: 'ben@example.com', role: 'member', organizationId }
    const first = field(await ann.post('tenant.invite-ben', path('invite-member'), wish), 'id')
    await ben.post('tenant.ben-accepts', path('accept-invitation'), { invitationId: first })
    await ann.post('tenant.cancel-accepted', path('cancel-invitation'), { invitationId: first })
    await ann.post('tenant.switch', path('create'), { name: 'Second', slug: 'second' })
    await ann.post('tenant.switch-back', path('set-active'), { organizationId })
    await ann.get('tenant.session', '/get-session')
    await eve.get('tenant.full-of-other', `${path('get-full-organization')}?organizationSlug=a`)
    await eve.get('tenant.session-after-full', '/get-session')
    await eve.post('tenant.full', path('set-active'), { organizationId: evesId })
  },
}

/** Who owns an organization with others in it deletes themselves. */
const deletedOwner: Scenario = {
  name: 'organization-deleted-owner',
  options: {
    ...organizations,
    build: (mails, address) => ({ ...organizations.build(mails, address), user: { deleteUser: { enabled: true } } }),
  },
  async run(side) {
    const ann = await person(side, 'org-owner', 'ann')
    const ben = await person(side, 'org-owner', 'ben')
    const organizationId = field(await ann.post('org-owner.create', path('create'), { name: 'A', slug: 'a' }), 'id')
    const wish = { email: 'ben@example.com', role: 'member', organizationId }
    const invitationId = field(await ann.post('org-owner.invite', path('invite-member'), wish), 'id')
    await ben.post('org-owner.accept', path('accept-invitation'), { invitationId })
    await ann.post('org-owner.delete', '/delete-user', {})
    await ben.get('org-owner.members', `${path('list-members')}?organizationId=${organizationId}`)
    await ben.post('org-owner.found', path('create'), { name: 'B', slug: 'b' })
    await ben.post('org-owner.leave', path('leave'), { organizationId })
    await ben.post('org-owner.delete-alone', '/delete-user', {})
  },
}

export const organizationTenantScenarios = [tenants, deletedOwner]
