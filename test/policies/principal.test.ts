import { expect, it } from 'vitest'
import { inputShape, listProcedures } from '../../src/meta.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { call } from './calls.ts'
import { everyPlugin } from './every-plugin.ts'
import { describeEveryWorld } from './every-world.ts'
import { TABLE } from './table.ts'
import type { World } from './world.ts'

const procedures = listProcedures(createTestAuth({ plugins: everyPlugin() }).auth.router as never)

/** Inputs by which a client might say who it is. */
function claims({ ids }: World): Record<string, unknown> {
  const user = { id: ids.userId, role: 'admin', emailVerified: true }
  const names = ['userId', 'user_id', 'ownerId', 'referenceId', 'memberId', 'inviterId', 'impersonatedBy', 'actorId']
  return {
    ...Object.fromEntries(names.map(name => [name, ids.userId])),
    organizationId: ids.own.organizationId,
    activeOrganizationId: ids.own.organizationId,
    role: 'owner',
    user,
    session: { userId: ids.userId, user, token: ids.sessionToken },
  }
}

describeEveryWorld('no input says who is calling [A6, controls 47 and 48]', give => {
  it.each(procedures.map(procedure => [procedure.path, procedure] as const))('%s', async (path, procedure) => {
    const world = give()
    const declared = Object.keys(inputShape(procedure.input))
    const isUndeclared = ([name]: [string, unknown]) => !declared.includes(name) && !declared.includes('userId')
    const extra = Object.fromEntries(Object.entries(claims(world)).filter(isUndeclared))
    const rules = Object.entries(TABLE).filter(([field]) => field.startsWith(`${path} `))
    const inputs = [{}, ...rules.map(([, rule]) => rule.input(world.ids, world.ids.own))]
    const before = await world.dump()
    const tell = async (caller: string, input: Record<string, unknown>) => {
      const told = await call(world.auth, procedure, { headers: world.callers[caller] ?? {}, input })
      const after = await world.dump()
      const isChanged = JSON.stringify(after) !== JSON.stringify(before)
      if (isChanged) await world.restore(before)
      return { status: told.status, isChanged, knowsOwner: told.text.includes('owner@example.com') }
    }
    for (const caller of ['anonymous', 'other']) {
      for (const input of inputs) {
        expect.soft(await tell(caller, { ...input, ...extra }), caller).toEqual(await tell(caller, input))
      }
    }
  })
})
