import * as official from 'better-auth/plugins/access'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { createAccessControl, type Role, role } from '../../../routers/access/index.ts'
import { adminAc, defaultRoles, defaultStatements, memberAc, ownerAc } from '../../../routers/organization/index.ts'

const statements = { project: ['create', 'share', 'delete'], sale: ['create', 'cancel'] } as const
const ac = createAccessControl(statements)
const editor = ac.newRole({ project: ['create', 'share'], sale: ['create'] })

describe('a role', () => {
  it('allows all of what is asked, or with OR any part of it', () => {
    expect(editor.authorize({ project: ['create'] })).toEqual({ success: true })
    expect(editor.authorize({ project: ['create', 'delete'] }).success).toBe(false)
    expect(editor.authorize({ project: ['delete'], sale: ['create'] }).success).toBe(false)
    expect(editor.authorize({ project: ['delete'], sale: ['create'] }, 'OR')).toEqual({ success: true })
    expect(editor.authorize({ project: { actions: ['delete', 'share'], connector: 'OR' } }).success).toBe(true)
    expect(editor.authorize({ project: { actions: ['delete', 'share'], connector: 'AND' } }).success).toBe(false)
  })

  it('says why not', () => {
    expect(editor.authorize({})).toEqual({ success: false, error: 'Not authorized' })
    expect(editor.authorize({ sale: ['cancel'] }).error).toBe('unauthorized to access resource "sale"')
    expect(editor.authorize({ moon: ['land'] } as never).error).toBe('You are not allowed to access resource: moon')
    expect(() => editor.authorize({ project: 'create' } as never)).toThrow('Invalid access control request')
  })

  it('grants nothing under names that every object has', () => {
    for (const resource of ['toString', 'constructor', '__proto__', 'valueOf']) {
      const request = JSON.parse(`{"${resource}":["call"]}`)
      expect(editor.authorize(request)).toMatchObject({ success: false })
    }
  })

  it('answers as Better Auth does', () => {
    const action = fc.constantFrom('create', 'share', 'delete', 'cancel')
    const connector = fc.constantFrom('AND' as const, 'OR' as const)
    const wish = fc.oneof(fc.array(action), fc.record({ actions: fc.array(action), connector }))
    const request = fc.dictionary(fc.constantFrom('project', 'sale', 'moon'), wish)
    const granted = fc.dictionary(fc.constantFrom('project', 'sale'), fc.array(action))
    fc.assert(
      fc.property(granted, request, connector, (given, asked, how) => {
        const ours = role(given).authorize(asked as never, how)
        expect(ours).toEqual(official.role(given as never).authorize(asked as never, how))
      }),
    )
  })
})

describe('types', () => {
  it('know the resources and actions', () => {
    expectTypeOf(ac.statements).toEqualTypeOf(statements)
    expectTypeOf(editor).toExtend<Role>()
    // @ts-expect-error there is no such resource
    ac.newRole({ moon: ['land'] })
    // @ts-expect-error there is no such action
    ac.newRole({ project: ['land'] })
    // @ts-expect-error nor can it be asked for
    editor.authorize({ project: ['land'] })
  })

  it('keep the roles of Better Auth, and its own', () => {
    const all = createAccessControl({ ...defaultStatements, sale: ['create'] })
    const manager = all.newRole({ ...adminAc.statements, sale: ['create'] })
    expect(manager.authorize({ sale: ['create'], member: ['update'] })).toEqual({ success: true })
    expect(Object.keys(defaultRoles).sort()).toEqual(['admin', 'member', 'owner'])
    expect(ownerAc.authorize({ organization: ['delete'] }).success).toBe(true)
    expect(adminAc.authorize({ organization: ['delete'] }).success).toBe(false)
    expect(memberAc.authorize({ ac: ['read'] }).success).toBe(true)
  })
})
