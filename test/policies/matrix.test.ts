import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { definePlugin, memoryAdapter, type ProcedureBuilder } from '../../src/index.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { everyPlugin } from './every-plugin.ts'
import { describeEveryWorld } from './every-world.ts'
import { EXCEPTIONS } from './exceptions.ts'
import { fieldsOf, type IdField, idFields, namesRow } from './id-fields.ts'
import { fieldOf, judge } from './matrix.ts'
import { type Rule, TABLE } from './table.ts'
import { openWorld } from './world.ts'

const fields = [...idFields(createTestAuth({ plugins: everyPlugin() }).auth.router as never).keys()]
const tags = '[A6 A8 A18 A32 A41, controls 26 47 48 52 53]'

describe('the table of the matrix', () => {
  it('is said of every input that looks like the name of a row, or why it is none', () => {
    expect([...fields].sort()).toEqual(
      [...new Set([...Object.keys(TABLE).map(fieldOf), ...Object.keys(EXCEPTIONS)])].sort(),
    )
  })
})

describeEveryWorld(`whose rows each procedure reaches ${tags}`, give => {
  it.each(Object.entries(TABLE))('%s', async (field, rule) => {
    const world = give()
    const callers = Object.keys(world.callers)
    for (const name of `${rule.may} ${rule.told ?? ''}`.split(' ').filter(Boolean)) expect(callers).toContain(name)
    for (const caller of callers) {
      const { verdict, known, unknown } = await judge(world, field as IdField, { rule, caller })
      const expected = isIn(rule.may, caller) ? 'may' : isIn(rule.told, caller) ? 'told' : 'nothing'
      expect.soft([caller, verdict], `${known.text} | ${unknown.text}`).toEqual([caller, expected])
      expect.soft(known.status, `${caller}: ${known.text}`).toBeLessThan(500)
      expect.soft(unknown.status, `${caller}: ${unknown.text}`).toBeLessThan(500)
      // Who is refused, or names nothing, has changed nothing.
      const expectedWrites = rule.writes ? [[], [rule.writes]] : [[]]
      if (verdict !== 'may') expect.soft(expectedWrites, caller).toContainEqual(known.written)
      expect.soft(expectedWrites, caller).toContainEqual(unknown.written)
    }
  })
})

describe('the matrix itself', () => {
  it('sees names of rows in lists, alternatives and whatever else a schema is made of', () => {
    const id = z.string().max(64)
    const input = z.object({
      list: z.array(z.object({ userIds: z.array(id) })),
      either: z.union([z.object({ teamId: id }), z.object({ teamSlug: id })]).optional(),
      byName: z.record(z.string().max(64), z.object({ memberId: id })),
      pair: z.tuple([z.object({ keyId: id })]).nullable(),
      later: z.lazy(() => z.object({ token: id })),
      made: z.preprocess(value => value, z.object({ roleName: id })).default({ roleName: '' }),
      both: z.intersection(z.object({ email: id }), z.object({ filterValue: id })),
    })
    const found = fieldsOf(input).filter(namesRow)
    expect(found.map(field => field.split('.').at(-1)).sort()).toEqual(
      ['email', 'filterValue', 'keyId', 'memberId', 'roleName', 'teamId', 'teamSlug', 'token', 'userIds'].sort(),
    )
  })

  it('finds a procedure that nobody has listed, and one that asks for no owner', async () => {
    const leaky = definePlugin({
      id: 'leaky',
      procedures: ({ procedure }: ProcedureBuilder) => ({
        leaky: {
          rename: procedure
            .session({ rest: 'POST /leaky/rename', operationId: 'leak', summary: 'Renames any passkey' })
            .input(z.object({ wish: z.object({ passkeyId: z.string().max(64) }).optional() }))
            .output(z.object({}))
            .mutation(async ({ ctx: { auth }, input }) => {
              const where = [{ field: 'id', value: input.wish?.passkeyId ?? '' }]
              await auth.kernel.adapter.update({ model: 'passkey', where, update: { name: 'mine' } })
              return {}
            }),
        },
      }),
    })
    const world = await openWorld(memoryAdapter(), [leaky])
    const field = 'leaky.rename wish.passkeyId'
    const found = idFields(world.auth.router as never)
    expect([...found.keys()].filter(each => !fields.includes(each))).toEqual([field])
    const rule: Rule = { input: ids => ({ wish: { passkeyId: ids.passkeyId } }), may: 'owner' }
    expect((await judge(world, field, { rule, caller: 'anonymous' })).verdict).toBe('nothing')
    const { verdict, known } = await judge(world, field, { rule, caller: 'other' })
    expect([verdict, known.written]).toEqual(['may', ['passkey']])
  })
})

function isIn(names: string | undefined, caller: string): boolean {
  return (names ?? '').split(' ').includes(caller)
}
