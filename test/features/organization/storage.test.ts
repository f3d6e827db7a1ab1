import { expect, it } from 'vitest'
import { organization } from '../../../routers/organization/index.ts'
import { AuthError, defineErrors } from '../../../src/index.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { openCompany, told } from './company.ts'

const MODELS = ['organization', 'member', 'invitation', 'team', 'teamMember', 'organizationRole']
const everything = { teams: { enabled: true }, dynamicAccessControl: { enabled: true } } as const
const { NOT_THIS_ONE } = defineErrors({ NOT_THIS_ONE: [403, 'Not this one'] })

describeEveryInstance('organizations in the database', (start, name) => {
  const counts = async (rows: (model: string) => Promise<object[]>) =>
    Object.fromEntries(await Promise.all(MODELS.map(async model => [model, (await rows(model)).length])))

  it('are deleted with all that belongs to them, and nothing else [control 54]', async () => {
    const { join, found, add, rows } = await openCompany(start, everything)
    const [ann, ben] = [await join('ann'), await join('ben')]
    const other = await found(ben, 'other')
    const organizationId = await found(ann, 'acme')
    await add(organizationId, 'ben')
    await ben.post('/organization/set-active', { organizationId })
    await ann.post('/organization/invite-member', { email: 'cem@example.com', role: 'member' })
    await ann.post('/organization/create-role', { role: 'seller', permission: { team: ['create'] } })
    const before = await counts(rows)
    expect(before).toEqual({ organization: 2, member: 3, invitation: 1, team: 2, teamMember: 2, organizationRole: 1 })
    expect(told(await ann.post('/organization/delete', { organizationId }))).toBe('200')
    expect(await counts(rows)).toEqual({
      organization: 1,
      member: 1,
      invitation: 0,
      team: 1,
      teamMember: 1,
      organizationRole: 0,
    })
    expect(await rows('organization')).toMatchObject([{ id: other }])
    // Of all sessions, not only of whoever deleted it.
    await expect
      .poll(async () => (await rows('session')).map(session => session.activeOrganizationId))
      .toEqual([null, null])
  })

  it('are made whole or not at all', async () => {
    const { join, rows } = await openCompany(start, {
      teams: { enabled: true },
      organizationHooks: {
        beforeCreateTeam: () => {
          throw Object.assign(new AuthError(NOT_THIS_ONE), { isFromApplication: true })
        },
      },
    })
    const ann = await join('ann')
    expect(told(await ann.post('/organization/create', { name: 'A', slug: 'a' }))).toBe('403 NOT_THIS_ONE')
    expect(
      await Promise.all(['organization', 'member', 'team', 'teamMember'].map(async m => (await rows(m)).length)),
    ).toEqual([0, 0, 0, 0])
    expect(await rows('session')).toMatchObject([{ activeOrganizationId: null }])
  })

  it('take a member in whole or not at all', async () => {
    const { join, found, user, rows } = await openCompany(start, {
      teams: { enabled: true, maximumMembersPerTeam: 2 },
    })
    const [ann, ben, cem] = [await join('ann'), await join('ben'), await join('cem')]
    const organizationId = await found(ann, 'acme')
    const [team] = await rows('team')
    const invite = async (name: string) => {
      const wish = { email: `${name}@example.com`, role: 'member', teamId: [team?.id] }
      return (await ann.post('/organization/invite-member', wish)).body.id
    }
    const [bens, cems] = [await invite('ben'), await invite('cem')]
    expect(told(await ben.post('/organization/accept-invitation', { invitationId: bens }))).toBe('200')
    expect(told(await cem.post('/organization/accept-invitation', { invitationId: cems }))).toBe(
      '403 TEAM_MEMBER_LIMIT_REACHED',
    )
    const invitation = (await rows('invitation')).find(({ id }) => id === cems)
    expect(invitation?.status).toBe('pending')
    expect(await rows('member')).toHaveLength(2)
    // Whoever leaves the organization leaves its teams.
    expect(told(await ben.post('/organization/leave', { organizationId }))).toBe('200')
    const { id } = await user('ben')
    expect((await rows('teamMember')).filter(({ userId }) => userId === id)).toEqual([])
  })

  it('keep roles together with those who have them', async () => {
    const { join, found, add, memberId, rows } = await openCompany(start, everything)
    const ann = await join('ann')
    await join('ben')
    const organizationId = await found(ann, 'acme')
    await add(organizationId, 'ben')
    await ann.post('/organization/create-role', { role: 'seller', permission: { team: ['create'] } })
    const change = { memberId: await memberId(organizationId, 'ben'), role: ['member', 'seller'] }
    await ann.post('/organization/update-member-role', change)
    await ann.post('/organization/invite-member', { email: 'cem@example.com', role: 'seller' })
    expect(told(await ann.post('/organization/delete-role', { roleName: 'seller' }))).toBe(
      '400 ROLE_IS_ASSIGNED_TO_MEMBERS',
    )
    expect(
      told(await ann.post('/organization/update-role', { roleName: 'seller', data: { roleName: 'Dealer' } })),
    ).toBe('200')
    expect((await rows('member')).map(({ role }) => role).sort()).toEqual(['member,dealer', 'owner'])
    expect(await rows('invitation')).toMatchObject([{ role: 'dealer' }])
  })

  it('are found by members, sorted, filtered and in pages', async () => {
    const { join, found, add } = await openCompany(start)
    const ann = await join('ann')
    const organizationId = await found(ann, 'acme')
    for (const name of ['ben', 'cem', 'dan']) {
      await join(name)
      await add(organizationId, name, name === 'dan' ? 'admin' : 'member')
    }
    const list = async (query: string) => {
      const { body } = await ann.get(`/organization/list-members?${query}`)
      const { members = [], total } = body as { members?: { role: string; user: { name: string } }[]; total?: number }
      return [
        members
          .map(({ user }) => user.name)
          .sort()
          .join(),
        total,
      ]
    }
    expect(await list('')).toEqual(['ann,ben,cem,dan', 4])
    expect(await list('filterField=role&filterValue=member')).toEqual(['ben,cem', 2])
    expect(await list('filterField=role&filterOperator=in&filterValue=admin&filterValue=owner')).toEqual(['ann,dan', 2])
    expect(await list('filterField=role&filterOperator=contains&filterValue=mem&limit=1')).toEqual([
      expect.stringMatching(/^(ben|cem)$/),
      2,
    ])
    expect(await list(`filterField=createdAt&filterOperator=gt&filterValue=2000-01-01T00:00:00.000Z`)).toEqual([
      'ann,ben,cem,dan',
      4,
    ])
    for (const wrong of [
      'sortBy=password',
      'filterField=unknown&filterValue=1',
      'filterField=role',
      'filterField=createdAt&filterValue=never',
      'filterField=createdAt&filterOperator=contains&filterValue=2020',
      'limit=-1',
      'offset=x',
      'sortBy=toString',
    ]) {
      expect([wrong, told(await ann.get(`/organization/list-members?${wrong}`))]).toEqual([
        wrong,
        '400 VALIDATION_ERROR',
      ])
    }
  })

  it('take the names and fields that the application gives', async () => {
    const { rows, visit, auth } = await start({
      plugins: [
        organization({
          schema: {
            organization: {
              modelName: 'tenant',
              fields: { slug: 'handle' },
              additionalFields: {
                vat: { type: 'string', input: true, required: false },
                tier: { type: 'string', defaultValue: 'free' },
              },
            },
            member: { fields: { userId: 'person' } },
            session: { fields: { activeOrganizationId: 'tenantId' } },
          },
        }),
      ],
    })
    const ann = visit()
    await ann.post('/sign-up/email', { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' })
    const { body } = await ann.post('/organization/create', { name: 'A', slug: 'a', vat: 'DE1' })
    expect(body).toMatchObject({ vat: 'DE1', tier: 'free', slug: 'a' })
    const tooMuch = await ann.post('/organization/update', { data: { tier: 'gold' } })
    expect(told(tooMuch)).toBe('400 FIELD_NOT_ALLOWED')
    expect((await ann.post('/organization/update', { data: { vat: 'DE2' } })).body).toMatchObject({ vat: 'DE2' })
    expect(await rows('organization')).toMatchObject([{ vat: 'DE2', tier: 'free' }])
    expect(auth.context.schema.organization?.modelName).toBe('tenant')
    expect((await ann.get('/organization/get-full-organization')).body).toMatchObject({ slug: 'a', vat: 'DE2' })
  })

  it.skipIf(name === 'mongodb')('have ids that the database counts, if it is to', async () => {
    const { visit, rows } = await start({
      advanced: { database: { generateId: 'serial' } },
      plugins: [organization(everything)],
    })
    const ann = visit()
    await ann.post('/sign-up/email', { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' })
    const { body } = await ann.post('/organization/create', { name: 'A', slug: 'a' })
    expect(body.id).toBe('1')
    expect((await ann.get('/organization/get-full-organization')).body).toMatchObject({
      id: '1',
      members: [{ userId: '1' }],
    })
    for (const id of ['x', '99', '1 or 1=1', '9'.repeat(30)]) {
      expect(told(await ann.post('/organization/set-active', { organizationId: id }))).toBe(
        '403 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION',
      )
      expect(told(await ann.post('/organization/cancel-invitation', { invitationId: id }))).toBe(
        '400 INVITATION_NOT_FOUND',
      )
    }
    expect(told(await ann.post('/organization/delete', { organizationId: '1' }))).toBe('200')
    expect(await rows('member')).toEqual([])
  })
})
