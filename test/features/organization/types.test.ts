import type { organization as officialOrganization } from 'better-auth/plugins'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { organization } from '../../../routers/organization/index.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'

describe('types of organization', () => {
  it('bring the procedures and session fields of the options', () => {
    const plain = createTestAuth({ plugins: [organization()] }).auth
    const full = createTestAuth({
      plugins: [organization({ teams: true, dynamicAccessControl: { enabled: true } })],
    }).auth
    type Plain = ReturnType<typeof plain.caller>['organization']
    type Full = ReturnType<typeof full.caller>['organization']
    expectTypeOf<Plain>().toHaveProperty('invitation')
    expectTypeOf<'team' extends keyof Plain ? true : false>().toEqualTypeOf<false>()
    expectTypeOf<Full>().toHaveProperty('team')
    expectTypeOf<Full>().toHaveProperty('role')
    expectTypeOf<(typeof plain.$Infer.Session)['activeOrganizationId']>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<(typeof full.$Infer.Session)['activeTeamId']>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<'activeTeamId' extends keyof typeof plain.$Infer.Session ? true : false>().toEqualTypeOf<false>()
    // What only the application calls is on the caller.
    expectTypeOf<Plain['member']>().toHaveProperty('add')
    expectTypeOf<keyof (typeof plain.router)['organization']['member']>().not.toEqualTypeOf<'add'>()
  })

  it('take the callbacks of an options object that was written for Better Auth', () => {
    type Official = NonNullable<Parameters<typeof officialOrganization>[0]>
    type Ours = NonNullable<Parameters<typeof organization>[0]>
    type Same =
      | 'allowUserToCreateOrganization'
      | 'organizationLimit'
      | 'creatorRole'
      | 'membershipLimit'
      | 'invitationExpiresIn'
      | 'sendInvitationEmail'
    expectTypeOf<Pick<Official, Same>>().toExtend<Pick<Ours, Same>>()
  })

  it('reach the tRPC client', async () => {
    const { client } = await startServer({ plugins: [organization({ teams: { enabled: true } })] })
    const trpc = client()
    await trpc.signUp.email.mutate(ann)
    const made = await trpc.organization.create.mutate({ name: 'A', slug: 'a', metadata: { plan: 'pro' } })
    expectTypeOf<(typeof made.members)[number]>().toHaveProperty('role')
    expect(made).toMatchObject({ slug: 'a', metadata: { plan: 'pro' } })
    const full = await trpc.organization.getFull.query()
    expect(full?.teams).toMatchObject([{ name: 'A' }])
    await expect(trpc.organization.leave.mutate({ organizationId: made.id })).rejects.toMatchObject({
      data: { authCode: 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER' },
    })
  })
})
