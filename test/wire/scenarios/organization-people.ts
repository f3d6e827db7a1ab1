import type { Scenario } from '../scenario.ts'
import { bringIn, field, path, person, withOrganizations } from './organization.ts'

const invitations: Scenario = {
  name: 'organization-invitations',
  options: withOrganizations(),
  async run(side) {
    const ann = await person(side, 'invite', 'ann')
    const ben = await person(side, 'invite', 'ben')
    const cem = await person(side, 'invite', 'cem')
    const unproven = await person(side, 'invite', 'unproven')
    const invite = (step: string, body: object) => ann.post(`invite.${step}`, path('invite-member'), body)
    await invite('no-active', { email: 'ben@example.com', role: 'member' })
    const organizationId = field(await ann.post('invite.create', path('create'), { name: 'A', slug: 'a' }), 'id')
    await invite('no-address', { email: 'not an address', role: 'member' })
    await invite('unknown-role', { email: 'ben@example.com', role: 'unknown' })
    await invite('no-role', { email: 'ben@example.com' })
    await invite('oneself', { email: 'ann@example.com', role: 'member' })
    const id = field(await invite('ben', { email: 'Ben@Example.com', role: ['member', 'admin'] }), 'id')
    await invite('ben-again', { email: 'ben@example.com', role: 'member' })
    await invite('ben-resent', { email: 'ben@example.com', role: 'member', resend: true })
    await cem.post('invite.by-stranger', path('invite-member'), {
      email: 'x@example.com',
      role: 'member',
      organizationId,
    })
    await ben.get('invite.mine', path('list-user-invitations'))
    await ben.get('invite.of-another', `${path('list-user-invitations')}?email=ann@example.com`)
    await unproven.get('invite.mine-unproven', path('list-user-invitations'))
    await side.visitor().get('invite.mine-no-session', path('list-user-invitations'))
    await ben.get('invite.get', `${path('get-invitation')}?id=${id}`)
    await ben.get('invite.get-unknown', `${path('get-invitation')}?id=unknown`)
    await cem.get('invite.get-of-another', `${path('get-invitation')}?id=${id}`)
    await side.visitor().get('invite.get-no-session', `${path('get-invitation')}?id=${id}`)
    await cem.post('invite.accept-of-another', path('accept-invitation'), { invitationId: id })
    await cem.post('invite.reject-of-another', path('reject-invitation'), { invitationId: id })
    await cem.post('invite.cancel-by-stranger', path('cancel-invitation'), { invitationId: id })
    await ben.post('invite.accept-unknown', path('accept-invitation'), { invitationId: 'unknown' })
    await ben.post('invite.reject-unknown', path('reject-invitation'), { invitationId: 'unknown' })
    await ann.post('invite.cancel-unknown', path('cancel-invitation'), { invitationId: 'unknown' })
    await ben.post('invite.accept', path('accept-invitation'), { invitationId: id })
    await ben.post('invite.accept-again', path('accept-invitation'), { invitationId: id })
    await ben.get('invite.session', '/get-session')
    await invite('member', { email: 'ben@example.com', role: 'member' })
    await ben.post('invite.owner-by-admin', path('invite-member'), { email: 'dan@example.com', role: 'owner' })

    const cems = field(await invite('cem', { email: 'cem@example.com', role: 'member' }), 'id')
    await cem.post('invite.reject', path('reject-invitation'), { invitationId: cems })
    const next = field(await invite('cem-next', { email: 'cem@example.com', role: 'member' }), 'id')
    await ann.post('invite.cancel', path('cancel-invitation'), { invitationId: next })
    const theirs = field(await invite('unproven', { email: 'unproven@example.com', role: 'member' }), 'id')
    await unproven.get('invite.get-unproven', `${path('get-invitation')}?id=${theirs}`)
    await unproven.post('invite.accept-unproven', path('accept-invitation'), { invitationId: theirs })
    await unproven.post('invite.reject-unproven', path('reject-invitation'), { invitationId: theirs })
    await ann.get('invite.list', path('list-invitations'))
    await cem.get('invite.list-no-active', path('list-invitations'))
    await cem.get('invite.list-by-stranger', `${path('list-invitations')}?organizationId=${organizationId}`)
  },
}

const members: Scenario = {
  name: 'organization-members',
  options: withOrganizations(),
  async run(side) {
    const ann = await person(side, 'member', 'ann')
    const ben = await person(side, 'member', 'ben')
    const cem = await person(side, 'member', 'cem')
    const eve = await person(side, 'member', 'eve')
    await ann.get('member.active-none', path('get-active-member'))
    await ann.get('member.role-none', path('get-active-member-role'))
    await ann.get('member.list-none', path('list-members'))
    const organizationId = field(await ann.post('member.create', path('create'), { name: 'A', slug: 'a' }), 'id')
    const bens = await bringIn(
      { owner: ann, guest: ben, step: 'member.ben' },
      { email: 'ben@example.com', role: 'admin', organizationId },
    )
    const cems = await bringIn(
      { owner: ann, guest: cem, step: 'member.cem' },
      { email: 'cem@example.com', role: 'member', organizationId },
    )
    const own = field(await ann.get('member.active', path('get-active-member')), 'id')
    await ann.get('member.role', path('get-active-member-role'))
    await ann.get('member.role-of-another', `${path('get-active-member-role')}?userId=${bens.userId}`)
    await ann.get('member.role-of-nobody', `${path('get-active-member-role')}?userId=nobody`)
    await eve.get('member.role-stranger', `${path('get-active-member-role')}?organizationSlug=a`)
    await eve.get('member.role-unknown', `${path('get-active-member-role')}?organizationSlug=unknown`)
    await ann.get('member.list', path('list-members'))
    await ann.get('member.list-page', `${path('list-members')}?limit=1&offset=1&sortBy=role&sortDirection=desc`)
    await ann.get(
      'member.list-filtered',
      `${path('list-members')}?filterField=role&filterValue=admin&filterOperator=ne&sortBy=role`,
    )
    await ann.get(
      'member.list-operator',
      `${path('list-members')}?filterField=role&filterValue=admin&filterOperator=like`,
    )
    await ann.get('member.list-slug', `${path('list-members')}?organizationSlug=unknown`)
    await eve.get('member.list-stranger', `${path('list-members')}?organizationId=${organizationId}`)

    const change = (step: string, by: typeof ann, body: object) =>
      by.post(`member.${step}`, path('update-member-role'), { organizationId, ...body })
    await change('role-by-member', cem, { memberId: bens.memberId, role: 'member' })
    await change('role-by-stranger', eve, { memberId: bens.memberId, role: 'member' })
    await change('owner-by-admin', ben, { memberId: own, role: 'member' })
    await change('to-owner-by-admin', ben, { memberId: cems.memberId, role: 'owner' })
    await change('to-owner-in-one-text', ben, { memberId: cems.memberId, role: 'member,owner' })
    await change('back-to-member', ann, { memberId: cems.memberId, role: 'member' })
    await change('unknown-member', ann, { memberId: 'unknown', role: 'member' })
    await change('last-owner', ann, { memberId: own, role: 'member' })
    await change('two-roles', ann, { memberId: cems.memberId, role: ['admin', 'member'] })
    await change('one-role', ben, { memberId: cems.memberId, role: 'member' })

    const remove = (step: string, by: typeof ann, memberIdOrEmail: string) =>
      by.post(`member.${step}`, path('remove-member'), { organizationId, memberIdOrEmail })
    await remove('remove-by-member', cem, bens.memberId)
    await remove('remove-by-stranger', eve, bens.memberId)
    await remove('remove-owner', ben, own)
    await remove('remove-last-owner', ann, own)
    await remove('remove-unknown', ann, 'unknown')
    await remove('remove-unknown-address', ann, 'nobody@example.com')
    await remove('remove', ben, 'cem@example.com')
    await ann.post('member.leave-last-owner', path('leave'), { organizationId })
    await eve.post('member.leave-stranger', path('leave'), { organizationId })
    await ben.post('member.leave', path('leave'), { organizationId })
    await ben.get('member.session-after', '/get-session')
    await side.visitor().post('member.leave-no-session', path('leave'), { organizationId })
  },
}

export const organizationPeopleScenarios = [invitations, members]
