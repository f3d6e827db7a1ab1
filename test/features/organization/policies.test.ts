import { describe, expect, it } from 'vitest'
import { organization } from '../../../routers/organization/index.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { inputShape, listProcedures, restRoutes } from '../../../src/meta.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import type { StartInstance } from '../every-instance.ts'
import { openCompany, told } from './company.ts'

const options = { teams: { enabled: true }, dynamicAccessControl: { enabled: true } } as const

const start: StartInstance = async (given = {}) => {
  const test = createTestAuth({ ...given, database: memoryAdapter() })
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [], limit: 1000 })
  return { ...test, visit: () => visit(test.auth), rows } as never
}

const ACTORS = ['anonymous', 'member', 'admin', 'owner', 'otherOwner', 'otherUser'] as const

/**
 * Acme has an owner, an admin and the members `member` and `tom`, who are in its team Blue, a role `editor`, and an
 * invitation to `otherUser`. `otherOwner` owns another organization.
 */
async function fixture() {
  const company = await openCompany(start, options)
  const actors = {
    anonymous: company.visit(),
    member: await company.join('member'),
    admin: await company.join('admin'),
    owner: await company.join('owner'),
    otherOwner: await company.join('otherowner'),
    otherUser: await company.join('otheruser'),
  }
  await company.join('tom')
  const organizationId = await company.found(actors.owner, 'acme')
  await company.found(actors.otherOwner, 'other')
  for (const [name, role] of [
    ['admin', 'admin'],
    ['member', 'member'],
    ['tom', 'member'],
  ] as const) {
    await company.add(organizationId, name, role)
  }
  for (const name of ['member', 'admin'] as const)
    await actors[name].post('/organization/set-active', { organizationId })
  const post = async (path: string, body: object) => String((await actors.owner.post(path, body)).body.id)
  const teamId = await post('/organization/create-team', { name: 'Blue' })
  for (const name of ['member', 'tom']) {
    await post('/organization/add-team-member', { teamId, userId: (await company.user(name)).id })
  }
  await actors.owner.post('/organization/create-role', { role: 'editor', permission: { team: ['create'] } })
  const invitationId = await post('/organization/invite-member', { email: 'otheruser@example.com', role: 'member' })
  const memberId = await company.memberId(organizationId, 'tom')
  const userId = String((await company.user('tom')).id)
  const adminId = String((await company.user('admin')).id)
  const dump = async () => JSON.stringify(await Promise.all(MODELS.map(model => company.rows(model))))
  return { ...company, actors, dump, ids: { organizationId, teamId, invitationId, memberId, userId, adminId } }
}

const MODELS = ['organization', 'member', 'invitation', 'team', 'teamMember', 'organizationRole', 'user', 'account']

type Ids = Awaited<ReturnType<typeof fixture>>['ids']
type Row = [input: (ids: Ids) => Record<string, unknown>, ...outcomes: string[]]

const OK = '200'
const NO_SESSION = '401 UNAUTHORIZED'
const NOT_IN = '400 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION'
const NOT_IN_403 = '403 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION'
const NOT_A_MEMBER = '403 YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION'
const NO_MEMBER = '400 MEMBER_NOT_FOUND'
const NOT_RECIPIENT = '403 YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION'
const NO_INVITING = '403 YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION'
const NO_TEAM_UPDATE = '403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM'
const NOT_IN_TEAM = '400 USER_IS_NOT_A_MEMBER_OF_THE_TEAM'
const byOrganization = ({ organizationId }: Ids) => ({ organizationId })
const byInvitation = ({ invitationId }: Ids) => ({ invitationId })

/** What becomes of each procedure for each actor, in the order of ACTORS. */
const MATRIX: Record<string, Row> = {
  'organization.update': [
    ids => ({ ...byOrganization(ids), data: { name: 'New' } }),
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION',
    OK,
    OK,
    NOT_IN,
    NOT_IN,
  ],
  'organization.delete': [
    byOrganization,
    NO_SESSION,
    ...Array(2).fill('403 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION'),
    OK,
    NOT_IN,
    NOT_IN,
  ],
  'organization.getFull': [byOrganization, NO_SESSION, OK, OK, OK, NOT_IN_403, NOT_IN_403],
  'organization.setActive': [byOrganization, NO_SESSION, OK, OK, OK, NOT_IN_403, NOT_IN_403],
  'organization.hasPermission': [
    ids => ({ ...byOrganization(ids), permissions: { team: ['create'] } }),
    NO_SESSION,
    OK,
    OK,
    OK,
    ...Array(2).fill('401 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION'),
  ],
  'organization.leave': [
    byOrganization,
    NO_SESSION,
    OK,
    OK,
    '400 YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER',
    NO_MEMBER,
    NO_MEMBER,
  ],
  'organization.member.remove': [
    ids => ({ ...byOrganization(ids), memberIdOrEmail: ids.memberId }),
    NO_SESSION,
    '401 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER',
    OK,
    OK,
    NO_MEMBER,
    NO_MEMBER,
  ],
  'organization.member.updateRole': [
    ids => ({ ...byOrganization(ids), memberId: ids.memberId, role: 'admin' }),
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER',
    OK,
    OK,
    NO_MEMBER,
    NO_MEMBER,
  ],
  'organization.member.list': [byOrganization, NO_SESSION, OK, OK, OK, NOT_A_MEMBER, NOT_A_MEMBER],
  'organization.member.activeRole': [
    ids => ({ ...byOrganization(ids), userId: ids.userId }),
    NO_SESSION,
    OK,
    OK,
    OK,
    NOT_A_MEMBER,
    NOT_A_MEMBER,
  ],
  'organization.invitation.create': [
    ids => ({ ...byOrganization(ids), email: 'new@example.com', role: 'member', teamId: ids.teamId }),
    NO_SESSION,
    NO_INVITING,
    OK,
    OK,
    NO_MEMBER,
    NO_MEMBER,
  ],
  'organization.invitation.accept': [byInvitation, NO_SESSION, ...Array(4).fill(NOT_RECIPIENT), OK],
  'organization.invitation.reject': [byInvitation, NO_SESSION, ...Array(4).fill(NOT_RECIPIENT), OK],
  'organization.invitation.get': [
    ({ invitationId }) => ({ id: invitationId }),
    NO_SESSION,
    ...Array(4).fill(NOT_RECIPIENT),
    OK,
  ],
  'organization.invitation.cancel': [
    byInvitation,
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION',
    OK,
    OK,
    NO_MEMBER,
    NO_MEMBER,
  ],
  'organization.invitation.list': [byOrganization, NO_SESSION, OK, OK, OK, NOT_A_MEMBER, NOT_A_MEMBER],
  'organization.team.create': [
    ids => ({ ...byOrganization(ids), name: 'Red' }),
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_CREATE_TEAMS_IN_THIS_ORGANIZATION',
    OK,
    OK,
    NO_INVITING,
    NO_INVITING,
  ],
  'organization.team.update': [
    ids => ({ teamId: ids.teamId, data: { ...byOrganization(ids), name: 'Navy' } }),
    NO_SESSION,
    NO_TEAM_UPDATE,
    OK,
    OK,
    NO_TEAM_UPDATE,
    NO_TEAM_UPDATE,
  ],
  'organization.team.remove': [
    ids => ({ ...byOrganization(ids), teamId: ids.teamId }),
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_DELETE_TEAMS_IN_THIS_ORGANIZATION',
    OK,
    OK,
    ...Array(2).fill('403 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM'),
  ],
  'organization.team.list': [
    byOrganization,
    NO_SESSION,
    OK,
    OK,
    OK,
    ...Array(2).fill('403 YOU_ARE_NOT_ALLOWED_TO_ACCESS_THIS_ORGANIZATION'),
  ],
  'organization.team.setActive': [
    ({ teamId }) => ({ teamId }),
    NO_SESSION,
    OK,
    ...Array(2).fill('403 USER_IS_NOT_A_MEMBER_OF_THE_TEAM'),
    '400 TEAM_NOT_FOUND',
    '400 NO_ACTIVE_ORGANIZATION',
  ],
  'organization.team.listMembers': [
    ({ teamId }) => ({ teamId }),
    NO_SESSION,
    OK,
    NOT_IN_TEAM,
    NOT_IN_TEAM,
    NOT_IN_TEAM,
    NOT_IN_TEAM,
  ],
  'organization.team.addMember': [
    ids => ({ ...byOrganization(ids), teamId: ids.teamId, userId: ids.adminId }),
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_TEAM_MEMBER',
    OK,
    OK,
    NOT_IN,
    NOT_IN,
  ],
  'organization.team.removeMember': [
    ids => ({ ...byOrganization(ids), teamId: ids.teamId, userId: ids.userId }),
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_REMOVE_A_TEAM_MEMBER',
    OK,
    OK,
    NOT_IN,
    NOT_IN,
  ],
  'organization.role.create': [
    ids => ({ ...byOrganization(ids), role: 'new', permission: { team: ['create'] } }),
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE',
    OK,
    OK,
    NOT_A_MEMBER,
    NOT_A_MEMBER,
  ],
  'organization.role.update': [
    ids => ({ ...byOrganization(ids), roleName: 'editor', data: { permission: { team: ['update'] } } }),
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE',
    OK,
    OK,
    NOT_A_MEMBER,
    NOT_A_MEMBER,
  ],
  'organization.role.delete': [
    ids => ({ ...byOrganization(ids), roleName: 'editor' }),
    NO_SESSION,
    '403 YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE',
    OK,
    OK,
    NOT_A_MEMBER,
    NOT_A_MEMBER,
  ],
  'organization.role.list': [byOrganization, NO_SESSION, OK, OK, OK, NOT_A_MEMBER, NOT_A_MEMBER],
  'organization.role.get': [
    ids => ({ ...byOrganization(ids), roleName: 'editor' }),
    NO_SESSION,
    OK,
    OK,
    OK,
    NOT_A_MEMBER,
    NOT_A_MEMBER,
  ],
}

const { auth } = createTestAuth({ plugins: [organization(options)] })
const procedures = listProcedures(auth.router).filter(({ path }) => path.startsWith('organization.'))
const namesRows = ({ input }: (typeof procedures)[number]) =>
  Object.keys(inputShape(input)).some(key => /^id$|Id$|IdOrEmail$|Slug$/.test(key))

describe('who may do what to whose organization [controls 47 and 48, A6 A8 A29]', () => {
  it('is said of every procedure that is given an id', () => {
    expect(
      procedures
        .filter(namesRows)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(Object.keys(MATRIX).sort())
  })

  for (const [path, [inputOf, ...outcomes]] of Object.entries(MATRIX)) {
    const [route] = restRoutes(procedures.find(procedure => procedure.path === path)?.meta as never)
    const call = ({ actors, ids }: Awaited<ReturnType<typeof fixture>>, actor: (typeof ACTORS)[number]) => {
      const input = inputOf(ids) as Record<string, string>
      if (route?.method !== 'GET') return actors[actor].post(route?.path ?? '', input)
      return actors[actor].get(`${route.path}?${new URLSearchParams(input)}`)
    }
    const cells = ACTORS.map((actor, at) => ({ actor, outcome: outcomes[at] }))

    it(`${path}: ${cells.map(({ actor, outcome }) => `${actor} ${outcome}`).join(', ')}`, async () => {
      expect(outcomes).toHaveLength(ACTORS.length)
      const shared = await fixture()
      const before = await shared.dump()
      for (const { actor, outcome } of cells.filter(cell => cell.outcome !== OK)) {
        expect.soft([actor, told(await call(shared, actor))]).toEqual([actor, outcome])
      }
      // Whoever is refused has changed nothing.
      expect(await shared.dump()).toBe(before)
      for (const { actor } of cells.filter(cell => cell.outcome === OK)) {
        const { status, body } = await call(await fixture(), actor)
        expect.soft([actor, status, body.code]).toEqual([actor, 200, undefined])
      }
    })
  }
})

describe('what only the application calls [control 49, A41]', () => {
  const own = ['organization.createFor', 'organization.member.add', 'organization.invitation.listFor']

  it('is reached by no request', async () => {
    const { actors, ids, auth: served } = await fixture()
    const input = { organizationId: ids.organizationId, userId: ids.userId, role: 'owner' }
    for (const path of own) {
      expect(told(await actors.owner.post(`/trpc/${path}`, input))).toMatch(/^404/)
      expect(told(await actors.owner.get(`/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`))).toMatch(
        /^404/,
      )
    }
    for (const path of ['/organization/add-member', '/organization/member/add', '/organization/create-for']) {
      expect(told(await actors.owner.post(path, input))).toBe('404 NOT_FOUND')
    }
    const paths = listProcedures(served.router).map(({ path }) => path)
    for (const path of own) expect(paths).not.toContain(path)
    const document = JSON.stringify(served.openApiDocument())
    for (const name of ['addMember', 'add-member', 'createOrganizationFor', 'listInvitationsFor']) {
      expect(document).not.toContain(`"${name}"`)
    }
  })

  it('takes nobody else for the caller: `userId` in an input changes nothing', async () => {
    const { actors, ids, rows } = await fixture()
    const { body } = await actors.otherUser.post('/organization/create', { name: 'X', slug: 'x', userId: ids.adminId })
    const members = (await rows('member')).filter(({ organizationId }) => organizationId === body.id)
    expect(members).toMatchObject([{ role: 'owner' }])
    expect(members[0]?.userId).not.toBe(ids.adminId)
  })
})
