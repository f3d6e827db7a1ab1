import { describe, expect, it } from 'vitest'
import type { OrganizationOptions } from '../../../routers/organization/index.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import type { StartInstance } from '../every-instance.ts'
import { openCompany, told } from './company.ts'

const start: StartInstance = async (given = {}) => {
  const test = createTestAuth({ ...given, database: memoryAdapter() })
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [], limit: 1000 })
  return { ...test, visit: () => visit(test.auth), rows } as never
}
const open = (options: OrganizationOptions = {}) => openCompany(start, options)

/** Ann's organization, and an invitation to Ben, who is there but has not proven the address. */
async function invited(options: OrganizationOptions = {}) {
  const company = await open(options)
  const ann = await company.join('ann')
  const organizationId = await company.found(ann, 'acme')
  const wish = { email: 'ben@example.com', role: 'admin', organizationId }
  const invitationId = String((await ann.post('/organization/invite-member', wish)).body.id)
  const ben = company.visit()
  await ben.post('/sign-up/email', { name: 'Ben', email: 'ben@example.com', password: 'correct horse battery' })
  return { ...company, ann, ben, organizationId, invitationId }
}

describe('an invitation and whoever has not proven the address [A18, control 52]', () => {
  const required = '403 EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION'
  const toRead = '403 EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION'

  it('is neither accepted nor rejected nor read nor listed', async () => {
    const { ben, invitationId, rows } = await invited()
    expect(told(await ben.post('/organization/accept-invitation', { invitationId }))).toBe(required)
    expect(told(await ben.post('/organization/reject-invitation', { invitationId }))).toBe(required)
    expect(told(await ben.get(`/organization/get-invitation?id=${invitationId}`))).toBe(toRead)
    expect(told(await ben.get('/organization/list-user-invitations'))).toBe(toRead)
    expect(await rows('member')).toHaveLength(1)
    expect(await rows('invitation')).toMatchObject([{ status: 'pending' }])
  })

  it('is not, either, by a session that was cached when the address was another', async () => {
    const { ben, invitationId, auth } = await invited()
    const where = [{ field: 'email', value: 'ben@example.com' }]
    await auth.context.adapter.update({ model: 'user', where, update: { emailVerified: true, email: 'x@example.com' } })
    expect(told(await ben.post('/organization/accept-invitation', { invitationId }))).toBe(
      '403 YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION',
    )
  })

  it('is, where the application says that it may be', async () => {
    const { ben, invitationId } = await invited({ requireEmailVerificationOnInvitation: false })
    expect((await ben.get('/organization/list-user-invitations')).status).toBe(200)
    expect(told(await ben.post('/organization/accept-invitation', { invitationId }))).toBe('200')
  })

  it('is listed for the application itself', async () => {
    const { auth } = await invited()
    const caller = auth.caller() as unknown as {
      organization: { invitation: { listFor(input: object): Promise<object[]> } }
    }
    const list = await caller.organization.invitation.listFor({ email: 'BEN@example.com' })
    expect(list).toMatchObject([{ organizationName: 'acme', status: 'pending' }])
  })
})

describe('roles', () => {
  it('are not climbed by an admin, however the role is spelt', async () => {
    const { join, found, add, memberId } = await open()
    const [ann, ben] = [await join('ann'), await join('ben')]
    const organizationId = await found(ann, 'acme')
    await add(organizationId, 'ben', 'admin')
    const own = await memberId(organizationId, 'ben')
    for (const role of ['owner', 'member,owner', ' owner ', ['member', 'admin, owner'], 'admin,owner,']) {
      const change = { memberId: own, role, organizationId }
      expect(told(await ben.post('/organization/update-member-role', change))).toBe(
        '403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER',
      )
      const wish = { email: 'x@example.com', role, organizationId }
      expect(told(await ben.post('/organization/invite-member', wish))).toBe(
        '403 YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE',
      )
    }
    for (const role of ['', ' , ', 'unknown', 'toString', []]) {
      expect(told(await ann.post('/organization/update-member-role', { memberId: own, role, organizationId }))).toBe(
        '400 ROLE_NOT_FOUND',
      )
      expect(
        told(await ann.post('/organization/invite-member', { email: 'x@example.com', role, organizationId })),
      ).toBe('400 ROLE_NOT_FOUND')
    }
  })

  it('that an organization makes give no more than their maker has, and take no name that is there', async () => {
    const { join, found, add } = await open({ dynamicAccessControl: true, creatorRole: 'boss' })
    const [ann, ben] = [await join('ann'), await join('ben')]
    const organizationId = await found(ann, 'acme')
    await add(organizationId, 'ben', 'admin')
    const make = (role: string, permission: object) =>
      ben.post('/organization/create-role', { role, permission, organizationId })
    expect(told(await make('x', { organization: ['delete'] }))).toBe('403 YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE')
    expect(told(await make('x', { organization: ['fly'] }))).toBe('403 YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE')
    expect(told(await make('x', { toString: ['x'] }))).toBe('400 INVALID_RESOURCE')
    for (const name of ['boss', 'Boss', 'owner', ' ADMIN ', 'member']) {
      expect(told(await make(name, { team: ['create'] }))).toBe('400 ROLE_NAME_IS_ALREADY_TAKEN')
    }
    expect(told(await make('a,boss', { team: ['create'] }))).toBe('400 VALIDATION_ERROR')
  })

  it('are asked for without an error of the server, whatever the resource is called', async () => {
    const { join, found } = await open()
    const ann = await join('ann')
    await found(ann, 'acme')
    const ask = async (permissions: unknown) => {
      const { status, body } = await ann.post('/organization/has-permission', { permissions })
      return status === 200 ? body.success : told({ status, body } as never)
    }
    expect(await ask({ organization: ['delete'] })).toBe(true)
    expect(await ask({ organization: ['delete', 'fly'] })).toBe(false)
    for (const resource of ['toString', 'valueOf', 'hasOwnProperty', 'moon'])
      expect(await ask({ [resource]: ['x'] })).toBe(false)
    expect(await ask({})).toBe(false)
    for (const wrong of [{ organization: 'delete' }, { organization: [{ $ne: null }] }, 'x', undefined]) {
      expect(await ask(wrong)).toBe('400 VALIDATION_ERROR')
    }
  })
})

describe('one organization and another [control 53]', () => {
  it('do not reach each other through teams', async () => {
    const { join, found, rows } = await open({ teams: true })
    const [ann, eve] = [await join('ann'), await join('eve')]
    const anns = await found(ann, 'acme')
    const eves = await found(eve, 'evil')
    const team = (await rows('team')).find(({ organizationId }) => organizationId === anns)
    const wish = { email: 'x@example.com', role: 'member', organizationId: eves }
    expect(told(await eve.post('/organization/invite-member', { ...wish, teamId: team?.id }))).toBe(
      '400 TEAM_NOT_FOUND',
    )
    const mine = (await rows('member')).find(({ organizationId }) => organizationId === eves)
    const place = { organizationId: eves, teamId: team?.id, userId: mine?.userId }
    expect(told(await eve.post('/organization/add-team-member', place))).toBe('400 TEAM_NOT_FOUND')
    expect(told(await eve.post('/organization/remove-team', { teamId: team?.id, organizationId: eves }))).toBe(
      '400 TEAM_NOT_FOUND',
    )
    const rename = { teamId: team?.id, data: { name: 'x', organizationId: eves } }
    expect(told(await eve.post('/organization/update-team', rename))).toBe('400 TEAM_NOT_FOUND')
    expect(told(await eve.post('/organization/set-active-team', { teamId: team?.id }))).toBe('400 TEAM_NOT_FOUND')
  })

  it('do not through roles of their own', async () => {
    const { join, found } = await open({ dynamicAccessControl: { enabled: true } })
    const [ann, eve] = [await join('ann'), await join('eve')]
    await found(ann, 'acme')
    const eves = await found(eve, 'evil')
    const made = await ann.post('/organization/create-role', { role: 'seller', permission: { team: ['create'] } })
    const { id } = made.body.roleData as { id: string }
    expect(told(await eve.get(`/organization/get-role?roleId=${id}&organizationId=${eves}`))).toBe('400 ROLE_NOT_FOUND')
    expect(told(await eve.post('/organization/delete-role', { roleId: id, organizationId: eves }))).toBe(
      '400 ROLE_NOT_FOUND',
    )
    const wish = { email: 'x@example.com', role: 'seller', organizationId: eves }
    expect(told(await eve.post('/organization/invite-member', wish))).toBe('400 ROLE_NOT_FOUND')
  })

  it('cannot be entered by writing the session [control 48]', async () => {
    const { join, found } = await open()
    const [ann, eve] = [await join('ann'), await join('eve')]
    const organizationId = await found(ann, 'acme')
    expect(told(await eve.post('/update-session', { activeOrganizationId: organizationId }))).toBe(
      '400 FIELD_NOT_ALLOWED',
    )
    expect((await eve.get('/get-session')).body.session?.activeOrganizationId).toBeNull()
  })

  it('lose whoever is removed at once, with whatever was active', async () => {
    const { join, found, add } = await open({ teams: true })
    const [ann, ben] = [await join('ann'), await join('ben')]
    const organizationId = await found(ann, 'acme')
    await add(organizationId, 'ben', 'admin')
    await ben.post('/organization/set-active', { organizationId })
    await ann.post('/organization/remove-member', { memberIdOrEmail: 'ben@example.com' })
    expect(told(await ben.get(`/organization/list-members?organizationId=${organizationId}`))).toBe(
      '403 YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION',
    )
    expect(
      told(await ben.post('/organization/invite-member', { email: 'x@example.com', role: 'member', organizationId })),
    ).toBe('400 MEMBER_NOT_FOUND')
    await expect.poll(async () => (await ben.get('/get-session')).body.session?.activeOrganizationId).toBeNull()
  })
})
