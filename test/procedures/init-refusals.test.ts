import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type AnyPlugin,
  defineErrors,
  definePlugin,
  type ProcedureBuilder,
  type ProcedureDeclaration,
} from '../../src/index.ts'
import { createTestAuth } from '../support/test-auth.ts'

/** A plugin with one procedure. */
function plugin(id: string, branch: string, declaration: Partial<ProcedureDeclaration>): AnyPlugin {
  return definePlugin({
    id,
    procedures: ({ procedure }: ProcedureBuilder) => ({
      [branch]: {
        run: procedure
          .public({ operationId: id, summary: 'Runs', ...declaration })
          .output(z.null())
          .query(() => null),
      },
    }),
  })
}

const start =
  (...plugins: AnyPlugin[]) =>
  () =>
    createTestAuth({ plugins })

describe('init', () => {
  it('takes plugins that fit', () => {
    expect(start(plugin('one', 'one', { rest: 'GET /one' }), plugin('two', 'two', { rest: 'GET /two' }))).not.toThrow()
  })

  it('refuses two procedures with one REST line', () => {
    const one = plugin('one', 'one', { rest: 'GET /same' })
    expect(start(one, plugin('two', 'two', { rest: 'GET /same' }))).toThrow(/REST line "GET \/same"/)
    expect(start(plugin('two', 'two', { rest: 'GET /ok' }))).toThrow(/REST line "GET \/ok"/)
    const alias = { line: 'GET /same', operationId: 'alias' } as const
    expect(start(one, plugin('two', 'two', { rest: ['GET /two', alias] }))).toThrow(/REST line "GET \/same"/)
  })

  it('refuses two REST lines that differ in the name of a parameter only', () => {
    const plugins = [
      plugin('one', 'one', { rest: 'GET /same/:id' }),
      plugin('two', 'two', { rest: 'GET /same/:token' }),
    ]
    expect(start(...plugins)).toThrow(/REST line "GET \/same\/:"/)
  })

  it('refuses two procedures with one operation id', () => {
    expect(start(plugin('one', 'one', { rest: 'GET /one', operationId: 'signOut' }))).toThrow(/operation id "signOut"/)
    const alias = { line: 'GET /two', operationId: 'one' } as const
    expect(start(plugin('one', 'one', { rest: ['GET /one', alias] }))).toThrow(/operation id "one"/)
  })

  it('refuses two procedures with one path', () => {
    expect(start(plugin('one', 'same', {}), plugin('two', 'same', {}))).toThrow(
      /two plugins define the procedure "same.run"/,
    )
    const overSignIn = definePlugin({
      id: 'over',
      procedures: ({ procedure }: ProcedureBuilder) => ({
        signIn: {
          email: procedure
            .public({ operationId: 'over', summary: 'Overrides' })
            .output(z.null())
            .query(() => null),
        },
      }),
    })
    expect(start(overSignIn)).toThrow(/"signIn.email"/)
    const overBranch = definePlugin({
      id: 'over',
      procedures: ({ procedure }: ProcedureBuilder) => ({
        signIn: procedure
          .public({ operationId: 'over', summary: 'Overrides' })
          .output(z.null())
          .query(() => null),
      }),
    })
    expect(start(overBranch)).toThrow(/"signIn"/)
  })

  it('refuses a plugin that is there twice, and one whose requirement is missing', () => {
    const one = plugin('one', 'one', {})
    expect(start(one, one)).toThrow('init: the plugin "one" is there twice')
    const needy = definePlugin({ id: 'needy', requires: ['session', 'organization'] })
    expect(start(needy)).toThrow('init: the plugin "needy" requires the plugin "organization"')
    expect(start(needy, definePlugin({ id: 'organization' }))).not.toThrow()
  })

  it('refuses a REST line without an output schema', () => {
    const careless = definePlugin({
      id: 'careless',
      procedures: ({ procedure }: ProcedureBuilder) => ({
        leak: procedure
          .public({ rest: 'GET /leak', operationId: 'leak', summary: 'Leaks' })
          .query(() => ({ secret: 1 })),
      }),
    })
    expect(start(careless)).toThrow('the procedure "leak" has a REST line but no output schema')
  })

  it('refuses a field that is there already, or is named like nothing a database takes', () => {
    const adding = (name: string) =>
      definePlugin({ id: 'adding', schema: { user: { fields: { [name]: { type: 'string' } } } } })
    expect(start(adding('email'))).toThrow('plugin "adding", model "user": the field "email" is defined already')
    expect(start(adding('id'))).toThrow('"id" cannot name a field')
    expect(start(adding('x; drop table user'))).toThrow('cannot name a field')
    const reference = { type: 'string', references: { model: 'nothing', field: 'id' } } as const
    const dangling = definePlugin({ id: 'dangling', schema: { thing: { fields: { ownerId: reference } } } })
    expect(start(dangling)).toThrow('"thing.ownerId" refers to the unknown model "nothing"')
  })
})

describe('defineErrors', () => {
  it('refuses a status that tRPC has no name for', () => {
    expect(() => defineErrors({ TEAPOT: [418, 'I am a teapot'] })).toThrow('error TEAPOT: status 418 has no tRPC code')
  })
})
