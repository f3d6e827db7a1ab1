import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { definePlugin, init, memoryAdapter } from '../../src/index.ts'
import { ann, createTestAuth, secret } from '../support/test-auth.ts'

const start = (plugins: Parameters<typeof init>[0]['plugins']) => init({ secret, database: memoryAdapter(), plugins })

function pluginWith(id: string, operationId: string, rest: `GET /${string}`) {
  return definePlugin({
    id,
    procedures: ({ procedure }) => ({
      [operationId]: procedure
        .public({ operationId, summary: id, rest })
        .output(z.object({}))
        .query(() => ({})),
    }),
  })
}

describe('plugins that do not fit', () => {
  it('are refused when one is there twice', () => {
    expect(() => start([definePlugin({ id: 'a' }), definePlugin({ id: 'a' })])).toThrow('"a" is there twice')
  })

  it('are refused when another one is missing, wherever it stands', () => {
    const a = definePlugin({ id: 'a', requires: ['b'] })
    const b = definePlugin({ id: 'b' })
    expect(() => start([a])).toThrow('"a" requires the plugin "b"')
    expect(() => start([a, b])).not.toThrow()
    expect(() => start([b, a])).not.toThrow()
    expect(() => start([definePlugin({ id: 'c', requires: ['session', 'user', 'email-password'] })])).not.toThrow()
  })

  it('are refused when two define one procedure', () => {
    expect(() => start([pluginWith('a', 'ping', 'GET /one'), pluginWith('b', 'ping', 'GET /two')])).toThrow('"ping"')
  })

  it('are refused when two answer to one REST line or operation id', () => {
    expect(() => start([pluginWith('a', 'ping', 'GET /x'), pluginWith('b', 'pong', 'GET /x')])).toThrow('GET /x')
    expect(() => start([pluginWith('a', 'ping', 'GET /ok')])).toThrow('GET /ok')
    expect(() => start([pluginWith('a', 'getSession', 'GET /x')])).toThrow('getSession')
    expect(() => start([pluginWith('a', 'ping', 'GET /x/:one'), pluginWith('b', 'pong', 'GET /x/:two')])).toThrow(
      'GET /x/:',
    )
  })
})

describe('hooks', () => {
  it('run in the order of the plugins, each on what the one before returned', async () => {
    const named = (id: string, suffix: string) =>
      definePlugin({ id, hooks: { userCreating: draft => ({ name: `${draft.name}${suffix}` }) } })
    const { auth } = createTestAuth({ plugins: [named('a', '1'), named('b', '2')] })
    expect((await auth.caller().signUp.email(ann)).user.name).toBe('Ann12')
  })

  it('before a write are part of it; after it they only learn of it', async () => {
    const events: string[] = []
    const count = async (auth: { kernel: typeof test.auth.context }) =>
      `${await auth.kernel.adapter.count({ model: 'user' })} users`
    const plugin = definePlugin({
      id: 'watch',
      hooks: {
        passwordChosen: () => void events.push('password chosen'),
        userCreating: async (_, auth) => void events.push(`user creating: ${await count(auth)}`),
        userCreated: async (_, auth) => void events.push(`user created: ${await count(auth)}`),
        sessionCreating: () => void events.push('session creating'),
        sessionCreated: () => void events.push('session created'),
        sessionRead: () => void events.push('session read'),
        userUpdating: () => void events.push('user updating'),
        userUpdated: ({ name }) => void events.push(`user updated: ${name}`),
      },
    })
    const test = createTestAuth({ plugins: [plugin] })
    const resHeaders = new Headers()
    await test.auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    expect(events).toEqual([
      'password chosen',
      'user creating: 0 users',
      'session creating',
      'user created: 1 users',
      'session created',
    ])
    events.length = 0
    const cookie = resHeaders.getSetCookie()[0]?.split(';')[0] ?? ''
    await test.auth.caller({ headers: { cookie, origin: 'http://localhost:3000' } }).user.update({ name: 'New' })
    expect(events).toEqual(['session read', 'user updating', 'user updated: New'])
  })

  it('may refuse, and then nothing is written', async () => {
    const refuse = definePlugin({
      id: 'refuse',
      hooks: {
        sessionCreating: () => {
          throw new Error('not today')
        },
      },
    })
    const { auth } = createTestAuth({ plugins: [refuse] })
    await expect(auth.caller().signUp.email(ann)).rejects.toMatchObject({ authCode: 'INTERNAL_SERVER_ERROR' })
    for (const model of ['user', 'account', 'session']) expect(await auth.context.adapter.count({ model })).toBe(0)
  })

  it('may start work that goes on after the response, with the transaction behind it', async () => {
    let done: (users: number) => void = () => undefined
    const counted = new Promise<number>(resolve => {
      done = resolve
    })
    const plugin = definePlugin({
      id: 'mail',
      hooks: {
        userCreating: (_, { kernel }) =>
          kernel.background(async () => done(await kernel.adapter.count({ model: 'user' }))),
      },
    })
    const { auth } = createTestAuth({ plugins: [plugin] })
    await auth.caller().signUp.email(ann)
    expect(await counted).toBe(1)
  })
})
