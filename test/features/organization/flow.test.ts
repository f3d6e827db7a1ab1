import { createAuthClient } from 'better-auth/client'
import { organizationClient } from 'better-auth/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { organization } from '../../../routers/organization/index.ts'
import { startServer } from '../../support/start-server.ts'
import { ann } from '../../support/test-auth.ts'

const ben = { name: 'Ben', email: 'ben@example.com', password: 'correct horse battery' }

/** The official client with its organization plugin, as a browser would run it. */
function browserAt(url: string) {
  const keepCookies = createCookieFetch({ url })
  return createAuthClient({
    baseURL: url,
    fetchOptions: {
      customFetchImpl: (input, init) => {
        const headers = new Headers(init?.headers)
        headers.set('origin', new URL(url).origin)
        return keepCookies(input, { ...init, headers })
      },
    },
    plugins: [organizationClient({ teams: { enabled: true }, dynamicAccessControl: { enabled: true } })],
  })
}

async function start() {
  const sent: { id: string; email: string; inviter: string }[] = []
  const server = await startServer({
    plugins: [
      organization({
        teams: true,
        dynamicAccessControl: true,
        sendInvitation: ({ id, email, inviter }) => void sent.push({ id, email, inviter: inviter.user.email }),
      }),
    ],
  })
  const prove = (email: string) =>
    server.auth.context.adapter.update({
      model: 'user',
      where: [{ field: 'email', value: email }],
      update: { emailVerified: true },
    })
  return { ...server, sent, prove }
}

describe('better-auth/client with organizationClient', () => {
  it('creates, lists, activates, changes and deletes an organization', async () => {
    const { url } = await start()
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const { organization: org } = browser
    const created = await org.create({ name: 'Acme', slug: 'acme', metadata: { plan: 'pro' } })
    expect(created.error).toBeNull()
    expect(created.data).toMatchObject({ slug: 'acme', metadata: { plan: 'pro' }, members: [{ role: 'owner' }] })
    expect(created.data?.createdAt).toBeInstanceOf(Date)
    expect((await browser.getSession()).data?.session.activeOrganizationId).toBe(created.data?.id)
    expect((await org.checkSlug({ slug: 'acme' })).error?.code).toBe('ORGANIZATION_SLUG_ALREADY_TAKEN')
    expect((await org.checkSlug({ slug: 'other' })).data).toEqual({ status: true })

    await org.create({ name: 'Other', slug: 'other', keepCurrentActiveOrganization: true })
    expect((await org.list()).data?.map(({ slug }) => slug)).toEqual(['acme', 'other'])
    expect((await org.setActive({ organizationSlug: 'other' })).data?.slug).toBe('other')
    const full = await org.getFullOrganization()
    expect(full.data).toMatchObject({
      slug: 'other',
      members: [{ user: { email: ann.email } }],
      teams: [{ name: 'Other' }],
    })
    const updated = await org.update({ data: { name: 'New name' } })
    expect(updated.data?.name).toBe('New name')
    expect((await org.delete({ organizationId: full.data?.id ?? '' })).data?.slug).toBe('other')
    expect((await browser.getSession()).data?.session.activeOrganizationId).toBeNull()
    expect((await org.setActive({ organizationId: null })).data).toBeNull()
  })

  it('invites, accepts, changes roles, removes and leaves', async () => {
    const { url, sent, prove } = await start()
    const [anns, bens] = [browserAt(url), browserAt(url)]
    await anns.signUp.email(ann)
    const { data: made } = await anns.organization.create({ name: 'Acme', slug: 'acme' })
    const organizationId = made?.id ?? ''
    const invitation = await anns.organization.inviteMember({ email: 'Ben@Example.com', role: 'member' })
    expect(invitation.data).toMatchObject({ email: ben.email, role: 'member', status: 'pending' })
    await expect.poll(() => sent).toEqual([{ id: invitation.data?.id, email: ben.email, inviter: ann.email }])

    await bens.signUp.email(ben)
    const id = invitation.data?.id ?? ''
    expect((await bens.organization.acceptInvitation({ invitationId: id })).error?.code).toBe(
      'EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION',
    )
    await prove(ben.email)
    expect((await bens.organization.getInvitation({ query: { id } })).data).toMatchObject({
      organizationName: 'Acme',
      inviterEmail: ann.email,
    })
    expect((await bens.organization.listUserInvitations()).data).toMatchObject([{ organizationName: 'Acme' }])
    const accepted = await bens.organization.acceptInvitation({ invitationId: id })
    expect(accepted.data).toMatchObject({
      invitation: { status: 'accepted' },
      member: { role: 'member', organizationId },
    })
    expect((await bens.getSession()).data?.session.activeOrganizationId).toBe(organizationId)
    expect((await bens.organization.getActiveMemberRole()).data).toEqual({ role: 'member' })

    const memberId = accepted.data?.member.id ?? ''
    expect((await bens.organization.inviteMember({ email: 'c@example.com', role: 'member' })).error?.status).toBe(403)
    expect((await anns.organization.updateMemberRole({ memberId, role: ['admin', 'member'] })).data?.role).toBe(
      'admin,member',
    )
    const list = await anns.organization.listMembers({ query: { sortBy: 'createdAt', limit: 1, offset: 1 } })
    expect(list.data).toMatchObject({ total: 2, members: [{ user: { email: ben.email } }] })
    expect((await bens.organization.getActiveMember()).data?.role).toBe('admin,member')
    expect((await anns.organization.leave({ organizationId })).error?.code).toBe(
      'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER',
    )
    expect((await anns.organization.removeMember({ memberIdOrEmail: ben.email })).data?.member.id).toBe(memberId)
    expect((await bens.organization.list()).data).toEqual([])
  })

  it('has teams and roles of its own', async () => {
    const { url } = await start()
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const { organization: org } = browser
    const { data: made } = await org.create({ name: 'Acme', slug: 'acme' })
    const userId = made?.members[0]?.userId ?? ''
    const team = await org.createTeam({ name: 'Blue' })
    expect(team.error).toBeNull()
    const teamId = team.data?.id ?? ''
    expect((await org.setActiveTeam({ teamId })).error?.code).toBe('USER_IS_NOT_A_MEMBER_OF_THE_TEAM')
    expect((await org.addTeamMember({ teamId, userId })).data).toMatchObject({ teamId, userId })
    expect((await org.setActiveTeam({ teamId })).data?.name).toBe('Blue')
    expect((await org.listTeamMembers()).data).toHaveLength(1)
    expect((await org.listUserTeams()).data?.map(({ name }) => name)).toEqual(['Acme', 'Blue'])
    expect((await org.updateTeam({ teamId, data: { name: 'Navy' } })).data?.name).toBe('Navy')
    expect((await org.listTeams()).data).toHaveLength(2)
    expect((await org.removeTeam({ teamId })).error?.code).toBe('YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM')
    expect((await org.removeTeamMember({ teamId, userId })).data).toEqual({
      message: 'Team member removed successfully.',
    })
    await expect.poll(async () => (await browser.getSession()).data?.session.activeTeamId).toBeNull()
    expect((await org.removeTeam({ teamId })).data).toEqual({ message: 'Team removed successfully.' })

    const role = await org.createRole({ role: 'Editor', permission: { team: ['create'] } })
    expect(role.error).toBeNull()
    expect(role.data?.roleData).toMatchObject({ role: 'editor', permission: { team: ['create'] } })
    expect((await org.listRoles()).data).toHaveLength(1)
    expect((await org.getRole({ query: { roleName: 'editor' } })).data?.permission).toEqual({ team: ['create'] })
    const changed = await org.updateRole({ roleName: 'editor', data: { permission: { team: ['update'] } } })
    expect(changed.data?.roleData.permission).toEqual({ team: ['update'] })
    expect((await org.hasPermission({ permissions: { team: ['create', 'update'] } })).data?.success).toBe(true)
    expect((await org.deleteRole({ roleName: 'editor' })).data).toEqual({ success: true })
  })
})
