import { initTRPC } from '@trpc/server'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { passwordErrors } from '../../routers/email-password/errors.ts'
import { linkErrors, sendErrors } from '../../routers/email-verification/errors.ts'
import { sessionErrors } from '../../routers/session/errors.ts'
import * as socialErrors from '../../routers/social/errors.ts'
import { changeEmailErrors, deleteErrors, deleteLinkErrors, updateErrors } from '../../routers/user/errors.ts'
import { fieldErrors } from '../../src/additional-fields.ts'
import { errors } from '../../src/errors.ts'
import { errorsOf, inputShape, listProcedures, restRoutes } from '../../src/meta.ts'
import { createTestAuth } from '../support/test-auth.ts'

const { auth } = createTestAuth()
const procedures = listProcedures(auth.router)
const tables = [errors, fieldErrors, passwordErrors, sessionErrors, linkErrors, sendErrors, changeEmailErrors]
const known = [...tables, deleteErrors, deleteLinkErrors, updateErrors, ...Object.values(socialErrors)].flatMap(table =>
  Object.values(table),
)

describe('the built-in procedures', () => {
  it('are these', () => {
    expect(procedures.map(({ path, type, meta }) => `${path} ${type} ${meta.access}`)).toEqual([
      'system.ok query public',
      'session.get query public',
      'session.refresh mutation public',
      'session.list query session',
      'session.update mutation session',
      'session.revoke mutation sensitive',
      'session.revokeAll mutation sensitive',
      'session.revokeOthers mutation sensitive',
      'signOut mutation public',
      'user.update mutation session',
      'user.changeEmail mutation sensitive',
      'user.delete mutation sensitive',
      'user.deleteCallback mutation public',
      'emailVerification.send mutation public',
      'emailVerification.verify mutation public',
      'signUp.email mutation public',
      'signIn.email mutation public',
      'signIn.social mutation public',
      'password.requestReset mutation public',
      'password.resetCallback query public',
      'password.reset mutation public',
      'password.verify mutation sensitive',
      'password.change mutation sensitive',
      'social.callback mutation public',
      'social.callbackForm mutation public',
      'account.list query session',
      'account.unlink mutation fresh',
      'account.linkSocial mutation sensitive',
      'account.getAccessToken mutation session',
      'account.refreshToken mutation session',
      'account.info mutation session',
    ])
  })

  it.each(procedures.map(procedure => [procedure.path, procedure] as const))(
    '%s is declared in full',
    (_path, procedure) => {
      const { type, meta, output } = procedure
      const routes = restRoutes(meta)
      if (routes.length > 0) expect(output).toBeDefined()
      expect(['public', 'session', 'sensitive', 'fresh']).toContain(meta.access)
      expect(meta.summary).toMatch(/^[A-Z].{5,}[^.]$/)
      expect(meta.operationId).toMatch(/^[a-z][A-Za-z]+$/)
      expect(meta.tags?.length).toBeGreaterThan(0)
      // What sets a cookie or writes is a mutation, whatever its HTTP verb.
      if (meta.sessionCookie || meta.form) expect(type).toBe('mutation')
      if (type === 'query') expect(routes.every(({ method }) => method === 'GET')).toBe(true)
      for (const { path } of routes) {
        const parameters = [...path.matchAll(/:(\w+)/g)].map(match => match[1])
        expect(Object.keys(inputShape(procedure.input))).toEqual(expect.arrayContaining(parameters))
      }
    },
  )

  // A status may differ: a bad token is 400, 401 or 404 by what it is for.
  it('declare only errors that some table defines, one message for each code', () => {
    const meanings = new Map<string, string>()
    for (const procedure of procedures) {
      for (const definition of errorsOf(procedure)) {
        expect(known).toContain(definition)
        const { code, message } = definition
        expect(meanings.get(code) ?? message).toBe(message)
        meanings.set(code, message)
      }
    }
    expect(meanings.size).toBeGreaterThan(25)
  })

  it('have no field in their input that is not bounded', () => {
    for (const { path, input } of procedures) {
      const long = 'x'.repeat(1024 * 1024)
      for (const key of Object.keys(inputShape(input))) {
        const result = input?.safeParse({ [key]: long })
        const issues = result?.error?.issues.filter(issue => issue.path[0] === key) ?? []
        expect([path, key, issues.length > 0]).toEqual([path, key, true])
      }
    }
  })

  it('are unique by path, operation id and REST line', () => {
    const routes = procedures.flatMap(({ meta }) => restRoutes(meta))
    const ids = routes.map(({ operationId }) => operationId)
    const lines = routes.map(({ method, path }) => `${method} ${path}`)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(lines).size).toBe(lines.length)
  })
})

describe("listProcedures' reading of tRPC", () => {
  const t = initTRPC.meta<{ access?: string; operationId?: string; summary?: string }>().create()
  const meta = { access: 'public', operationId: 'read', summary: 'Reads' }
  const input = z.object({ id: z.string() })
  const output = z.object({ name: z.string() })
  const read = t.procedure
    .meta(meta)
    .input(input)
    .output(output)
    .query(() => ({ name: 'x' }))

  it('gives path, type, meta and schemas, the very objects that were declared', () => {
    const router = t.router({
      read,
      deep: { down: { write: t.procedure.meta(meta).mutation(() => 1) } },
      nested: t.router({
        read: t.procedure
          .meta(meta)
          .use(({ next }) => next())
          .input(input)
          .query(() => 1),
      }),
    })
    const found = listProcedures(router)
    expect(found.map(({ path, type }) => [path, type])).toEqual([
      ['read', 'query'],
      ['deep.down.write', 'mutation'],
      ['nested.read', 'query'],
    ])
    expect(found[0]?.input).toBe(input)
    expect(found[0]?.output).toBe(output)
    expect(found[0]?.meta).toEqual(meta)
    expect(found[1]).toMatchObject({ input: undefined, output: undefined })
    expect(found[2]?.input).toBe(input)
  })

  it('leaves out what is not ours', () => {
    const router = t.router({
      read,
      plain: t.procedure.query(() => 1),
      other: t.procedure.meta({ summary: 'Has meta of another kind' }).query(() => 1),
      stream: t.procedure.meta(meta).subscription(async function* () {
        yield 1
      }),
    })
    expect(listProcedures(router).map(({ path }) => path)).toEqual(['read'])
  })

  it('rests on these properties of tRPC 11', () => {
    const { _def } = t.router({ read })
    expect(Object.keys(_def.procedures)).toEqual(['read'])
    const definition = read._def as unknown as Record<string, unknown>
    expect(definition).toMatchObject({ type: 'query', meta, inputs: [input], output })
  })
})
