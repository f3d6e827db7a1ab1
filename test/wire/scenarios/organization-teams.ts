import { createAccessControl } from 'better-auth/plugins/access'
import { adminAc, defaultStatements, memberAc, ownerAc } from 'better-auth/plugins/organization/access'
import type { Scenario } from '../scenario.ts'
import { bringIn, field, path, person, withOrganizations } from './organization.ts'

const teams: Scenario = {
  name: 'organization-teams',
  options: withOrganizations(() => ({ teams: { enabled: true, maximumTeams: 3 } })),
  async run(side) {
    const ann = await person(side, 'team', 'ann')
    const ben = await person(side, 'team', 'ben')
    const eve = await person(side, 'team', 'eve')
    await ann.post('team.no-active', path('create-team'), { name: 'T' })
    await ann.get('team.list-no-active', path('list-teams'))
    await ann.get('team.members-no-active', path('list-team-members'))
    await ann.post('team.set-active-without', path('set-active-team'), {})
    const organizationId = field(await ann.post('team.create', path('create'), { name: 'A', slug: 'a' }), 'id')
    await ann.get('team.session', '/get-session')
    const teamId = field(await ann.post('team.blue', path('create-team'), { name: 'Blue' }), 'id')
    await ann.post('team.red', path('create-team'), { name: 'Red', organizationId })
    await ann.post('team.too-many', path('create-team'), { name: 'Green' })
    await eve.post('team.by-stranger', path('create-team'), { name: 'T', organizationId })
    await ann.get('team.list', path('list-teams'))
    await ann.get('team.full', path('get-full-organization'))
    await eve.get('team.list-stranger', `${path('list-teams')}?organizationId=${organizationId}`)
    const wish = { email: 'ben@example.com', role: 'member', organizationId }
    const bens = await bringIn({ owner: ann, guest: ben, step: 'team.ben' }, { ...wish, teamId })
    await ben.get('team.ben-session', '/get-session')
    await ben.post('team.by-member', path('create-team'), { name: 'T' })
    await ben.get('team.ben-teams', path('list-user-teams'))
    await ben.get('team.members', path('list-team-members'))
    await ann.get('team.members-outsider', `${path('list-team-members')}?teamId=${teamId}`)
    await ann.post('team.set-active-outsider', path('set-active-team'), { teamId })
    await ann.post('team.set-active-unknown', path('set-active-team'), { teamId: 'unknown' })
    const place = { teamId, userId: bens.userId, organizationId }
    await ann.post('team.add', path('add-team-member'), place)
    await ann.post('team.add-nobody', path('add-team-member'), { ...place, userId: 'nobody' })
    await ann.post('team.add-unknown-team', path('add-team-member'), { ...place, teamId: 'unknown' })
    await ben.post('team.add-by-member', path('add-team-member'), place)
    await eve.post('team.add-by-stranger', path('add-team-member'), place)
    await ben.post('team.take-by-member', path('remove-team-member'), place)
    await ann.post('team.take', path('remove-team-member'), place)
    await ann.post('team.take-again', path('remove-team-member'), place)
    await ann.post('team.update', path('update-team'), { teamId, data: { name: 'Navy' } })
    await ann.post('team.update-unknown', path('update-team'), { teamId: 'unknown', data: { name: 'Navy' } })
    await ann.post('team.update-empty-name', path('update-team'), { teamId, data: { name: '' } })
    await ben.post('team.update-by-member', path('update-team'), { teamId, data: { name: 'Mine' } })
    await ben.post('team.remove-by-member', path('remove-team'), { teamId, organizationId })
    await eve.post('team.remove-by-stranger', path('remove-team'), { teamId, organizationId })
    await ann.post('team.remove-unknown', path('remove-team'), { teamId: 'unknown', organizationId })
    await ann.post('team.remove', path('remove-team'), { teamId, organizationId })
    await ann.post('team.unset', path('set-active-team'), { teamId: null })
    await ann.post('team.unset-again', path('set-active-team'), { teamId: null })
  },
}

const roles: Scenario = {
  name: 'organization-roles',
  options: withOrganizations(() => {
    const ac = createAccessControl({ ...defaultStatements, sale: ['create', 'cancel'] })
    const owner = ac.newRole({ ...ownerAc.statements, sale: ['create', 'cancel'] })
    const admin = ac.newRole({ ...adminAc.statements, sale: ['create'] })
    const member = ac.newRole(memberAc.statements)
    return {
      ac,
      roles: { owner, admin, member },
      dynamicAccessControl: { enabled: true, maximumRolesPerOrganization: 2 },
    }
  }),
  async run(side) {
    const ann = await person(side, 'role', 'ann')
    const ben = await person(side, 'role', 'ben')
    const cem = await person(side, 'role', 'cem')
    const eve = await person(side, 'role', 'eve')
    const permission = { sale: ['create'] }
    await ann.post('role.no-active', path('create-role'), { role: 'seller', permission })
    await ann.get('role.list-no-active', path('list-roles'))
    const organizationId = field(await ann.post('role.create', path('create'), { name: 'A', slug: 'a' }), 'id')
    const bens = await bringIn(
      { owner: ann, guest: ben, step: 'role.ben' },
      { email: 'ben@example.com', role: 'admin', organizationId },
    )
    await bringIn(
      { owner: ann, guest: cem, step: 'role.cem' },
      { email: 'cem@example.com', role: 'member', organizationId },
    )
    const make = (step: string, by: typeof ann, body: object) =>
      by.post(`role.${step}`, path('create-role'), { organizationId, permission, ...body })
    await make('seller', ann, { role: 'Seller' })
    await make('taken', ann, { role: 'seller' })
    await make('predefined', ann, { role: 'admin' })
    await make('unknown-resource', ann, { role: 'x', permission: { moon: ['land'] } })
    await make('by-member', cem, { role: 'x' })
    await make('by-stranger', eve, { role: 'x' })
    await make('more-than-own', ben, { role: 'x', permission: { sale: ['cancel'] } })
    await make('second', ben, { role: 'second' })
    await make('too-many', ann, { role: 'third' })
    await ann.get('role.list', path('list-roles'))
    await cem.get('role.list-by-member', path('list-roles'))
    await eve.get('role.list-by-stranger', `${path('list-roles')}?organizationId=${organizationId}`)
    await ann.get('role.get', `${path('get-role')}?roleName=seller`)
    await ann.get('role.get-unknown', `${path('get-role')}?roleName=unknown`)
    await eve.get('role.get-by-stranger', `${path('get-role')}?roleName=seller&organizationId=${organizationId}`)
    const may = (step: string) =>
      cem.post(`role.${step}`, path('has-permission'), { organizationId, permissions: permission })
    await may('may-not-yet')
    const members = await cem.get('role.cem-member', path('get-active-member'))
    await ann.post('role.give', path('update-member-role'), { memberId: field(members, 'id'), role: 'seller' })
    await may('may-now')
    await ann.post('role.delete-given', path('delete-role'), { roleName: 'seller' })
    await ann.post('role.update', path('update-role'), {
      roleName: 'seller',
      data: { permission: { team: ['create'] } },
    })
    await ann.post('role.update-name', path('update-role'), { roleName: 'second', data: { roleName: 'Other' } })
    await ann.post('role.update-taken', path('update-role'), { roleName: 'other', data: { roleName: 'seller' } })
    await ann.post('role.update-unknown', path('update-role'), { roleName: 'unknown', data: {} })
    await cem.post('role.update-by-member', path('update-role'), { roleName: 'seller', data: {} })
    await ben.post('role.update-more-than-own', path('update-role'), {
      roleName: 'seller',
      data: { permission: { sale: ['cancel'] } },
    })
    await cem.post('role.delete-by-member', path('delete-role'), { roleName: 'other' })
    await ann.post('role.delete-predefined', path('delete-role'), { roleName: 'owner' })
    await ann.post('role.delete', path('delete-role'), { roleName: 'other' })
    await ann.post('role.delete-again', path('delete-role'), { roleName: 'other' })
    await ann.post('role.invite', path('invite-member'), { email: 'eve@example.com', role: 'seller' })
    await ann.post('role.invite-unknown', path('invite-member'), { email: 'x@example.com', role: ['seller', 'other'] })
    await ann.post('role.back', path('update-member-role'), { memberId: bens.memberId, role: ['member'] })
  },
}

export const organizationTeamScenarios = [teams, roles]
