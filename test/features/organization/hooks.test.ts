import { APIError } from 'better-auth/api'
import { describe, expect, it } from 'vitest'
import type { OrganizationHooks } from '../../../routers/organization/index.ts'
import { organization } from '../../../routers/organization/index.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { memoryStorage } from '../../../src/storage/memory.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import type { StartInstance } from '../every-instance.ts'
import { openCompany, told } from './company.ts'

const start: StartInstance = async (given = {}) => {
  const test = createTestAuth({ ...given, database: memoryAdapter() })
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [], limit: 1000 })
  return { ...test, visit: () => visit(test.auth), rows } as never
}

const NAMES = [
  'CreateOrganization',
  'UpdateOrganization',
  'DeleteOrganization',
  'AddMember',
  'RemoveMember',
  'UpdateMemberRole',
  'CreateInvitation',
  'AcceptInvitation',
  'RejectInvitation',
  'CancelInvitation',
  'CreateTeam',
  'UpdateTeam',
  'DeleteTeam',
  'AddTeamMember',
  'RemoveTeamMember',
]

describe('organizationHooks', () => {
  it('are told of everything, before and after', async () => {
    const seen: string[] = []
    const entries = NAMES.flatMap(name => [`before${name}`, `after${name}`]).map(name => [
      name,
      (data: Record<string, unknown>) => void seen.push(`${name} ${Object.keys(data).sort().join()}`),
    ])
    const hooks = Object.fromEntries(entries) as OrganizationHooks
    const { join, found, add, rows, user, memberId } = await openCompany(start, {
      teams: true,
      organizationHooks: hooks,
    })
    const take = () => seen.splice(0)
    const [ann, ben] = [await join('ann'), await join('ben')]
    const id = await found(ann, 'acme')
    expect(take()).toEqual([
      'beforeCreateOrganization organization,user',
      'beforeAddMember member,organization,user',
      'beforeCreateTeam organization,team,user',
      'afterAddMember member,organization,user',
      'afterCreateTeam organization,team,user',
      'afterCreateOrganization member,organization,user',
    ])
    await ann.post('/organization/update', { data: { name: 'New' } })
    expect(take()).toEqual([
      'beforeUpdateOrganization member,organization,user',
      'afterUpdateOrganization member,organization,user',
    ])
    const invite = async () => {
      const wish = { email: 'ben@example.com', role: 'member' }
      return { invitationId: (await ann.post('/organization/invite-member', wish)).body.id }
    }
    await ann.post('/organization/cancel-invitation', await invite())
    await ben.post('/organization/reject-invitation', await invite())
    await ben.post('/organization/accept-invitation', await invite())
    const around = (name: string, keys: string, afterKeys = keys) => [
      `before${name} ${keys}`,
      `after${name} ${afterKeys}`,
    ]
    const created = around('CreateInvitation', 'invitation,inviter,organization')
    expect(take()).toEqual([
      ...created,
      ...around('CancelInvitation', 'cancelledBy,invitation,organization'),
      ...created,
      ...around('RejectInvitation', 'invitation,organization,user'),
      ...created,
      ...around('AcceptInvitation', 'invitation,organization,user', 'invitation,member,organization,user'),
    ])
    const [team] = await rows('team')
    const place = { teamId: team?.id, userId: (await user('ben')).id }
    await ann.post('/organization/add-team-member', place)
    await ann.post('/organization/remove-team-member', place)
    const teamId = (await ann.post('/organization/create-team', { name: 'Blue' })).body.id
    await ann.post('/organization/update-team', { teamId, data: { name: 'Navy' } })
    await ann.post('/organization/remove-team', { teamId })
    expect(take()).toEqual([
      ...around('AddTeamMember', 'organization,team,teamMember,user'),
      ...around('RemoveTeamMember', 'organization,team,teamMember,user'),
      ...around('CreateTeam', 'organization,team,user'),
      ...around('UpdateTeam', 'organization,team,updates,user', 'organization,team,user'),
      ...around('DeleteTeam', 'organization,team,user'),
    ])
    await ann.post('/organization/update-member-role', { memberId: await memberId(id, 'ben'), role: 'admin' })
    await ann.post('/organization/remove-member', { memberIdOrEmail: 'ben@example.com' })
    await join('cem')
    await add(id, 'cem')
    await ann.post('/organization/delete', { organizationId: id })
    expect(take()).toEqual([
      ...around('UpdateMemberRole', 'member,newRole,organization,user', 'member,organization,previousRole,user'),
      ...around('RemoveMember', 'member,organization,user'),
      ...around('AddMember', 'member,organization,user'),
      ...around('DeleteOrganization', 'organization,user'),
    ])
  })

  it('change what is written', async () => {
    const { join, rows } = await openCompany(start, {
      organizationHooks: {
        beforeCreateOrganization: async ({ organization }) => ({
          data: { slug: `${organization.slug}-1`, metadata: { a: 1 } },
        }),
        beforeUpdateOrganization: async () => ({ data: { name: 'Chosen' } }),
        beforeCreateInvitation: async () => ({ data: { role: 'admin', expiresAt: new Date('2030-01-01') } }),
      },
    })
    const ann = await join('ann')
    const { body } = await ann.post('/organization/create', { name: 'A', slug: 'a' })
    expect(body).toMatchObject({ slug: 'a-1', metadata: { a: 1 } })
    expect((await ann.post('/organization/update', { data: { name: 'B' } })).body.name).toBe('Chosen')
    await ann.post('/organization/invite-member', { email: 'b@example.com', role: 'member' })
    expect(await rows('invitation')).toMatchObject([{ role: 'admin', expiresAt: new Date('2030-01-01') }])
  })

  it('refuse with the words of the application, written for Better Auth too, and nothing happens', async () => {
    const refuse = async () => {
      throw new APIError('PAYMENT_REQUIRED' as 'FORBIDDEN', { code: 'PAY_FIRST', message: 'Pay first' })
    }
    const { join, found, rows, log } = await openCompany(start, {
      organizationHooks: {
        beforeCreateInvitation: refuse,
        beforeDeleteOrganization: refuse,
        afterUpdateOrganization: () => {
          throw new Error('too late')
        },
      },
    })
    const ann = await join('ann')
    const organizationId = await found(ann, 'acme')
    const { body } = await ann.post('/organization/invite-member', { email: 'b@example.com', role: 'member' })
    expect(body).toEqual({ code: 'PAY_FIRST', message: 'Pay first' })
    expect((await ann.post('/organization/delete', { organizationId })).body.code).toBe('PAY_FIRST')
    expect(await rows('organization')).toHaveLength(1)
    expect(told(await ann.post('/organization/update', { data: { name: 'B' } }))).toBe('200')
    expect(log.map(({ message }) => message)).toEqual(['afterUpdateOrganization failed'])
  })
})

describe('beside other parts', () => {
  it('sessions in secondary storage remember what is active', async () => {
    const { auth } = createTestAuth({ plugins: [organization({ teams: true })], secondaryStorage: memoryStorage() })
    const ann = visit(auth)
    await ann.post('/sign-up/email', { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' })
    const { body } = await ann.post('/organization/create', { name: 'A', slug: 'a' })
    const { session } = (await ann.get('/get-session')).body
    expect(session).toMatchObject({ activeOrganizationId: body.id, activeTeamId: expect.any(String) })
    await ann.post('/organization/delete', { organizationId: body.id })
    expect((await ann.get('/get-session')).body.session).toMatchObject({
      activeOrganizationId: null,
      activeTeamId: null,
    })
  })

  it('a cached session knows at once what is active', async () => {
    const { auth } = createTestAuth({ plugins: [organization()], session: { cookieCache: { enabled: true } } })
    const ann = visit(auth)
    await ann.post('/sign-up/email', { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' })
    await ann.get('/get-session')
    const { body } = await ann.post('/organization/create', { name: 'A', slug: 'a' })
    expect((await ann.get('/get-session')).body.session?.activeOrganizationId).toBe(body.id)
    await ann.post('/organization/set-active', { organizationId: null })
    expect((await ann.get('/get-session')).body.session?.activeOrganizationId).toBeNull()
    await ann.post('/organization/set-active', { organizationSlug: 'a' })
    expect((await ann.get('/organization/get-active-member')).body.role).toBe('owner')
  })

  it('events tell of members, whichever way they come and go', async () => {
    const { join, found, add, auth } = await openCompany(start)
    const heard: unknown[] = []
    auth.events.on('member.created', ({ member }) => void heard.push(`+${member.role}`))
    auth.events.on('member.deleted', ({ member }) => void heard.push(`-${member.role}`))
    const [ann] = [await join('ann'), await join('ben')]
    const organizationId = await found(ann, 'acme')
    await add(organizationId, 'ben')
    await ann.post('/organization/remove-member', { memberIdOrEmail: 'ben@example.com' })
    await expect.poll(() => heard).toEqual(['+owner', '+member', '-member'])
  })
})
