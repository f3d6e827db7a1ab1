import { initTRPC } from '@trpc/server'
import { describe, expect, it } from 'vitest'
import { ann, createTestAuth } from '../support/test-auth.ts'

const t = initTRPC.create()

describe('a host', () => {
  it('that forgot createContext is told so', async () => {
    const { auth } = createTestAuth()
    const caller = t.createCallerFactory(t.router({ auth: auth.router }))({})
    await expect(caller.auth.session.get()).rejects.toThrow('auth.createContext')
  })

  it('that gives one instance the context of another does not write to the wrong database', async () => {
    const [staff, customers] = [createTestAuth().auth, createTestAuth().auth]
    const router = t.router({ staff: staff.router, customers: customers.router })
    const caller = t.createCallerFactory(router)({
      ...staff.createContext({ headers: {} }),
      ...customers.createContext({ headers: {} }),
    })
    await expect(caller.staff.signUp.email(ann)).rejects.toThrow('the context is that of another auth instance')
    expect(await customers.context.adapter.count({ model: 'user' })).toBe(0)
    expect((await caller.customers.signUp.email(ann)).user.email).toBe(ann.email)
  })
})
