import { expect, it } from 'vitest'
import { describeEveryInstance } from '../every-instance.ts'
import { openCompany, tally } from './company.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
const names = times(20, index => `u${index}`)

describeEveryInstance('20 calls at the same time [controls 12 and 54]', start => {
  it('of owners who all leave, one stays', async () => {
    const { join, found, add, rows } = await openCompany(start)
    const owner = await join('owner')
    const organizationId = await found(owner, 'acme')
    const others = await Promise.all(names.slice(1).map(name => join(name)))
    for (const name of names.slice(1)) await add(organizationId, name, 'owner')
    const answers = await Promise.all(
      [owner, ...others].map(visitor => visitor.post('/organization/leave', { organizationId })),
    )
    expect(tally(answers)).toEqual({ 200: 19, '400 YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER': 1 })
    expect(await rows('member')).toMatchObject([{ role: 'owner' }])
  })

  it('two owners who demote and remove each other leave one', async () => {
    const { join, found, add, memberId, rows } = await openCompany(start)
    const [ann, ben] = [await join('ann'), await join('ben')]
    const organizationId = await found(ann, 'acme')
    await add(organizationId, 'ben', 'owner')
    const [annId, benId] = [await memberId(organizationId, 'ann'), await memberId(organizationId, 'ben')]
    const demote = (memberId: string) => ({ memberId, organizationId, role: 'member' })
    const answers = await Promise.all(
      times(5, () => [
        ann.post('/organization/update-member-role', demote(benId)),
        ben.post('/organization/update-member-role', demote(annId)),
        ann.post('/organization/remove-member', { memberIdOrEmail: benId, organizationId }),
        ben.post('/organization/remove-member', { memberIdOrEmail: 'ann@example.com', organizationId }),
      ]).flat(),
    )
    expect(answers.every(({ status }) => status < 500)).toBe(true)
    const owners = (await rows('member')).filter(({ role }) => role === 'owner')
    expect(owners).toHaveLength(1)
  })

  it('accepting stops at the limit of members', async () => {
    const { join, found, rows } = await openCompany(start, { membershipLimit: 5 })
    const owner = await join('owner')
    const organizationId = await found(owner, 'acme')
    const guests = await Promise.all(names.map(name => join(name)))
    const ids = await Promise.all(
      names.map(async name => {
        const wish = { email: `${name}@example.com`, role: 'member', organizationId }
        return (await owner.post('/organization/invite-member', wish)).body.id
      }),
    )
    const answers = await Promise.all(
      guests.map((guest, at) => guest.post('/organization/accept-invitation', { invitationId: ids[at] })),
    )
    expect(tally(answers)).toEqual({ 200: 4, '403 ORGANIZATION_MEMBERSHIP_LIMIT_REACHED': 16 })
    expect(await rows('member')).toHaveLength(5)
    const accepted = (await rows('invitation')).filter(({ status }) => status === 'accepted')
    expect(accepted).toHaveLength(4)
  })

  it('one invitation makes one membership, however often it is accepted, and one answer counts', async () => {
    const { join, found, rows } = await openCompany(start)
    const owner = await join('owner')
    const organizationId = await found(owner, 'acme')
    const guest = await join('guest')
    const wish = { email: 'guest@example.com', role: 'member', organizationId }
    const invitationId = (await owner.post('/organization/invite-member', wish)).body.id
    const answers = await Promise.all([
      ...times(10, () => guest.post('/organization/accept-invitation', { invitationId })),
      ...times(5, () => guest.post('/organization/reject-invitation', { invitationId })),
      ...times(5, () => owner.post('/organization/cancel-invitation', { invitationId })),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const [invitation] = await rows('invitation')
    const members = await rows('member')
    expect(members).toHaveLength(invitation?.status === 'accepted' ? 2 : 1)
  })

  it('invitations stop at their limit, and one address has one', async () => {
    const { join, found, rows } = await openCompany(start, { invitationLimit: 3 })
    const owner = await join('owner')
    const organizationId = await found(owner, 'acme')
    const invite = (email: string) =>
      owner.post('/organization/invite-member', { email, role: 'member', organizationId })
    const same = await Promise.all(times(20, () => invite('same@example.com')))
    expect(tally(same)).toEqual({ 200: 1, '400 USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION': 19 })
    const others = await Promise.all(names.map(name => invite(`${name}@example.com`)))
    expect(tally(others)).toEqual({ 200: 2, '403 INVITATION_LIMIT_REACHED': 18 })
    expect(await rows('invitation')).toHaveLength(3)
  })

  it('a user makes organizations up to the limit, and a slug belongs to one', async () => {
    const { join, rows } = await openCompany(start, { organizationLimit: 2 })
    const [ann, ben] = [await join('ann'), await join('ben')]
    const make = (slug: string) => ann.post('/organization/create', { name: slug, slug })
    const answers = await Promise.all(names.map(make))
    expect(tally(answers)).toEqual({ 200: 2, '403 YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS': 18 })
    expect(await rows('organization')).toHaveLength(2)
    const same = await Promise.all(times(20, () => ben.post('/organization/create', { name: 'One', slug: 'one' })))
    expect(same.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(same.every(({ status }) => status < 500)).toBe(true)
    expect(await rows('member')).toHaveLength(3)
  })

  it('teams, places in teams and roles stop at their limits', async () => {
    const { join, found, add, user, rows } = await openCompany(start, {
      teams: { enabled: true, maximumTeams: 3, maximumMembersPerTeam: 4 },
      dynamicAccessControl: { enabled: true, maximumRolesPerOrganization: 2 },
    })
    const owner = await join('owner')
    const organizationId = await found(owner, 'acme')
    const [team] = await rows('team')
    for (const name of names) {
      await join(name)
      await add(organizationId, name)
    }
    const userIds = await Promise.all(names.map(async name => (await user(name)).id))
    const places = await Promise.all(
      userIds.map(userId => owner.post('/organization/add-team-member', { teamId: team?.id, userId, organizationId })),
    )
    expect(tally(places)).toEqual({ 200: 3, '403 TEAM_MEMBER_LIMIT_REACHED': 17 })
    const teams = await Promise.all(
      names.map(name => owner.post('/organization/create-team', { name, organizationId })),
    )
    expect(tally(teams)).toEqual({ 200: 2, '400 YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_TEAMS': 18 })
    const permission = { team: ['create'] }
    const roles = await Promise.all(
      names.map(role => owner.post('/organization/create-role', { role, permission, organizationId })),
    )
    expect(tally(roles)).toEqual({ 200: 2, '400 TOO_MANY_ROLES': 18 })
    expect(
      await Promise.all(['team', 'teamMember', 'organizationRole'].map(async model => (await rows(model)).length)),
    ).toEqual([3, 4, 2])
  })

  it('of all teams that are removed one stays', async () => {
    const { join, found, rows } = await openCompany(start, { teams: { enabled: true } })
    const owner = await join('owner')
    const organizationId = await found(owner, 'acme')
    await owner.post('/organization/set-active-team', { teamId: null })
    for (let at = 0; at < 4; at++) await owner.post('/organization/create-team', { name: `t${at}`, organizationId })
    const ids = (await rows('team')).map(({ id }) => id)
    const answers = await Promise.all(
      ids.map(teamId => owner.post('/organization/remove-team', { teamId, organizationId })),
    )
    expect(tally(answers)).toEqual({ 200: 4, '400 UNABLE_TO_REMOVE_LAST_TEAM': 1 })
    expect(await rows('team')).toHaveLength(1)
  })
})
