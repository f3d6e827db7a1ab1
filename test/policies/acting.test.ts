import { expect, it } from 'vitest'
import { listProcedures, type ProcedureRecord } from '../../src/meta.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { call } from './calls.ts'
import { everyPlugin } from './every-plugin.ts'
import { describeEveryWorld } from './every-world.ts'
import { TABLE } from './table.ts'

const procedures = listProcedures(createTestAuth({ plugins: everyPlugin() }).auth.router as never)
const named = (all: ProcedureRecord[]) => all.map(procedure => [procedure.path, procedure] as const)
const REFUSALS = { impersonator: 'NOT_WHILE_IMPERSONATING', ownersKey: /SIGN_IN_REQUIRED|SESSION_NOT_FRESH/ }
const actors = Object.keys(REFUSALS) as (keyof typeof REFUSALS)[]

describeEveryWorld('whoever acts for a user: an impersonator, an API key [controls 17, 55 and 80]', give => {
  const inputsFor = (path: string, { ids } = give()) => [
    {},
    ...Object.entries(TABLE)
      .filter(([row]) => row.startsWith(`${path} `))
      .map(([, rule]) => rule.input(ids, ids.own)),
  ]
  const send = (procedure: ProcedureRecord, caller: string, input: Record<string, unknown>) =>
    call(give().auth, procedure, { headers: give().callers[caller] ?? {}, input })

  it.each(named(procedures.filter(({ meta }) => meta.ownerOnly)))(
    'does not do what is for the user alone: %s',
    async (path, procedure) => {
      const world = give()
      const before = await world.dump()
      for (const actor of actors) {
        for (const input of inputsFor(path)) {
          const { status, text } = await send(procedure, actor, input)
          if (text.includes('VALIDATION_ERROR')) continue
          expect.soft([actor, status], text).toEqual([actor, 403])
          expect.soft(text).toMatch(REFUSALS[actor])
        }
      }
      const unused = ({ apikey: _, ...rest }: typeof before) => rest
      expect(unused(await world.dump())).toEqual(unused(before))
    },
  )

  it.each(named(procedures))(
    "is not shown what the user's own sessions and logins are worth: %s",
    async (path, procedure) => {
      const world = give()
      const { sessionToken, otherSessionToken } = world.ids
      const secrets = [sessionToken, otherSessionToken, 'token of subject']
      const before = await world.dump()
      for (const actor of [...actors, 'siteAdmin'] as const) {
        for (const input of inputsFor(path)) {
          const { text } = await send(procedure, actor, input)
          for (const secret of secrets) expect.soft(text, actor).not.toContain(secret)
          await world.restore(before)
        }
      }
    },
  )

  it.each(named(procedures))('gets no session out of a key: %s', async (path, procedure) => {
    const world = give()
    const before = await world.dump()
    for (const input of inputsFor(path)) {
      const { cookies } = await send(procedure, 'ownersKey', input)
      const sessions = cookies.filter(cookie => /session_token=[^;]/.test(cookie))
      expect(sessions).toEqual([])
      const after = await world.dump()
      const ids = (dump: typeof before) => (dump.session as { id: string }[]).map(({ id }) => id)
      expect(ids(before)).toEqual(expect.arrayContaining(ids(after)))
      await world.restore(before)
    }
  })

  it('gets no session out of a key by way of a one-time token', async () => {
    const find = (path: string) => procedures.find(procedure => procedure.path === path) as ProcedureRecord
    const made = await send(find('oneTimeToken.generate'), 'ownersKey', {})
    const { token = 'none' } = JSON.parse(made.text) as { token?: string }
    const redeemed = await send(find('oneTimeToken.verify'), 'anonymous', { token })
    expect([redeemed.status, redeemed.cookies]).toEqual([400, []])
  })
})
