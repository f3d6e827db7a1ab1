import { describe, expect, it } from 'vitest'
import { listProcedures } from '../../src/meta.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { call } from './calls.ts'
import { everyPlugin } from './every-plugin.ts'
import { describeEveryWorld } from './every-world.ts'

const { auth } = createTestAuth({ plugins: everyPlugin() })
const writing = listProcedures(auth.router as never).filter(({ type }) => type === 'mutation')

/** A value that a column of this type does not have by itself. */
function plantedValue(type: unknown): unknown {
  if (type === 'boolean') return true
  if (type === 'number') return 4711
  if (type === 'date') return '2041-01-01T00:00:00.000Z'
  return 'planted'
}

/** Columns of users and sessions that no client may write, with a value for each. */
function plantedFields(): Record<string, unknown> {
  const models = ['user', 'session'].map(model => auth.context.schema[model]?.fields ?? {})
  const fields = models.flatMap(each => Object.entries(each))
  // Some are inputs of their own of some procedure, which then means something else by it.
  const used = ['name', 'email', 'image', 'token', 'userId', 'role']
  const closed = fields.filter(([name, field]) => !field.input && !used.includes(name))
  return Object.fromEntries(closed.map(([name, field]) => [name, plantedValue(field.type)]))
}

const INPUTS: Record<string, Record<string, unknown>> = {
  'signUp.email': { name: 'Eve', email: 'eve@example.com', password: 'correct horse battery' },
  'signUp.username': { username: 'evelyn', email: 'eve@example.com', password: 'correct horse battery' },
  'user.update': { name: 'Eve' },
  'signIn.email': { email: 'other@example.com', password: 'correct horse battery' },
}

describe('columns that clients may not write, of all plugins [control 50]', () => {
  const planted = plantedFields()

  it('are many', () => {
    const names = [
      'emailVerified',
      'banned',
      'banExpires',
      'twoFactorEnabled',
      'impersonatedBy',
      'activeOrganizationId',
    ]
    expect(Object.keys(planted)).toEqual(expect.arrayContaining(names))
  })
})

describeEveryWorld('columns that clients may not write, of all plugins [control 50]', give => {
  const planted = plantedFields()

  it('stay as they are, whatever is sent to any procedure', async () => {
    const world = give()
    const before = await world.dump()
    for (const procedure of writing) {
      const snake = Object.entries(planted).map(([name, value]) => [
        name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
        value,
      ])
      const input = { ...INPUTS[procedure.path], ...planted, ...Object.fromEntries(snake), data: planted }
      await call(world.auth, procedure, { headers: world.callers.other ?? {}, input })
      const after = await world.dump()
      expect(JSON.stringify([after.user, after.session]), procedure.path).not.toMatch(/planted|4711|2041-01-01/)
      const flags = (rows: readonly unknown[] = []) => rows.filter(row => (row as { banned?: unknown }).banned === true)
      expect(flags(after.user), procedure.path).toEqual([])
      const eve = (after.user as { email: string }[]).find(({ email }) => email === 'eve@example.com')
      if (eve) expect(eve, procedure.path).toMatchObject({ emailVerified: false, role: 'user' })
      if (JSON.stringify(after) !== JSON.stringify(before)) await world.restore(before)
    }
  })
})
