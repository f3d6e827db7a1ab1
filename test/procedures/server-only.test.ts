import { createTRPCUntypedClient, httpBatchLink, httpLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { createKerniaClient } from '../../clients/trpc-client.ts'
import {
  AuthError,
  definePlugin,
  type KerniaContext,
  type ProcedureBuilder,
  type ServerProcedureBuilder,
} from '../../src/index.ts'
import { listProcedures } from '../../src/meta.ts'
import { adapters, startHost } from '../embedding/host.ts'
import { serve, toListener } from '../support/http-server.ts'
import { startServer } from '../support/start-server.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

const declaration = { operationId: 'addMember', summary: 'Adds a member on behalf of nobody', tags: ['Team'] }
const input = z.object({ name: z.string().max(64) })

function openProcedures({ procedure }: ProcedureBuilder) {
  const list = { operationId: 'listMembers', summary: 'The members of the team', tags: ['Team'] }
  return {
    team: {
      list: procedure
        .public(list)
        .output(z.array(z.string()))
        .query(() => ['ann']),
    },
  }
}

function ownProcedures({ procedure }: ServerProcedureBuilder) {
  return {
    team: {
      add: procedure
        .public(declaration)
        .input(input)
        .output(input)
        .mutation(({ input: { name } }) => ({ name })),
    },
  }
}

function team() {
  return definePlugin({ id: 'team', procedures: openProcedures, serverProcedures: ownProcedures })
}

describe("a procedure for the application's own code [A41, control 49]", () => {
  it('is called within the process, beside those of the same branch', async () => {
    const { auth } = createTestAuth({ plugins: [team()] })
    expect(await auth.caller().team.add({ name: 'ben' })).toEqual({ name: 'ben' })
    expect(await auth.caller().team.list()).toEqual(['ann'])
    await expect(auth.caller().team.add({ name: 'x'.repeat(65) })).rejects.toMatchObject({
      authCode: 'VALIDATION_ERROR',
    })
  })

  it("is in no router that is served, no document, and no client's type", () => {
    const { auth } = createTestAuth({ plugins: [team()] })
    const paths = listProcedures(auth.router).map(({ path }) => path)
    expect(paths).toContain('team.list')
    for (const path of ['team.add', 'password.set']) expect(paths).not.toContain(path)
    const document = JSON.stringify(auth.openApiDocument())
    for (const id of ['addMember', 'setPassword']) expect(document).not.toContain(`"${id}"`)
    expect(document).not.toContain('/set-password')

    const client = createKerniaClient<typeof auth.router>({ url: 'http://localhost:3000/api/auth' })
    expectTypeOf(client.team.list.query).toBeFunction()
    expectTypeOf(client.team).not.toHaveProperty('add')
    expectTypeOf(client.password).not.toHaveProperty('set')
    type Caller = ReturnType<typeof auth.caller>
    expectTypeOf<Caller['team']>().toHaveProperty('add')
    expectTypeOf<Caller['password']>().toHaveProperty('set')
    expectTypeOf<Caller['password']>().toHaveProperty('change')
  })

  it.each(['team.add', 'password.set'])('%s is unknown over HTTP, alone and in a batch', async path => {
    const { origin, auth } = await startServer({ plugins: [team()] })
    const url = `${origin}/api/auth/trpc`
    const resHeaders = new Headers()
    await auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    const cookie = resHeaders.getSetCookie()[0]?.split(';')[0] ?? ''
    const given = { name: 'eve', newPassword: 'a password of eve' }
    const headers = { cookie, origin }
    for (const link of [httpLink, httpBatchLink]) {
      const client = createTRPCUntypedClient({ links: [link({ url, headers })] })
      await expect(client.mutation(path, given)).rejects.toMatchObject({ data: { httpStatus: 404 } })
      const both = Promise.allSettled([client.query('system.ok'), client.mutation(path, given)])
      expect((await both).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    }
    const batch = await fetch(`${url}/system.ok,${path}?batch=1`, {
      headers,
    })
    expect(JSON.parse(await batch.text())[1].error.data).toMatchObject({ code: 'NOT_FOUND', authCode: 'NOT_FOUND' })
    for (const rest of ['/set-password', '/password/set', '/team/add', `/${path}`, '/organization/add-member']) {
      const answer = await visit(auth).post(rest, given, { headers })
      expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND'])
    }
    expect(await auth.context.adapter.count({ model: 'account' })).toBe(1)
  })

  it.each(Object.entries(adapters))('is unknown in a host that embeds the router, %s', async (_name, adapter) => {
    const { url, origin } = await startHost(adapter)
    const client = createTRPCUntypedClient({ links: [httpBatchLink({ url, headers: { origin } })] })
    const [known, own] = await Promise.allSettled([
      client.query('accounts.auth.system.ok'),
      client.mutation('accounts.auth.password.set', { newPassword: 'a password of eve' }),
    ])
    expect([known.status, own.status]).toEqual(['fulfilled', 'rejected'])
    if (own.status === 'rejected') expect(JSON.stringify(own.reason)).toContain('NOT_FOUND')
  })

  it('is refused over HTTP even by a router of a host that was made of it', async () => {
    let made: ReturnType<typeof ownProcedures> | undefined
    const leaky = definePlugin({
      id: 'leaky',
      serverProcedures: (builder: ServerProcedureBuilder) => {
        made = ownProcedures(builder)
        return made
      },
    })
    const origin = await serve(baseURL => {
      const { auth } = createTestAuth({ baseURL, plugins: [leaky] })
      const t = initTRPC.context<KerniaContext>().create()
      const router = t.router(made ?? {})
      return toListener(req =>
        fetchRequestHandler({
          endpoint: '/trpc',
          req,
          router,
          createContext: options => auth.createContext(options),
        }),
      )
    })
    const client = createTRPCUntypedClient({ links: [httpLink({ url: `${origin}/trpc` })] })
    await expect(client.mutation('team.add', { name: 'eve' })).rejects.toMatchObject({ data: { httpStatus: 404 } })
  })

  it('must not stand among those that are served, nor the reverse', () => {
    let own: ReturnType<typeof ownProcedures> | undefined
    let open: ReturnType<typeof openProcedures> | undefined
    createTestAuth({
      plugins: [
        definePlugin({
          id: 'team',
          procedures: (builder: ProcedureBuilder) => {
            open = openProcedures(builder)
            return {}
          },
          serverProcedures: (builder: ServerProcedureBuilder) => {
            own = ownProcedures(builder)
            return {}
          },
        }),
      ],
    })
    const served = definePlugin({ id: 'served', procedures: () => own ?? {} })
    expect(() => createTestAuth({ plugins: [served] })).toThrow(
      /"team\.add" must be in its plugin's `serverProcedures`/,
    )
    const hidden = definePlugin({ id: 'hidden', serverProcedures: () => open ?? {} })
    expect(() => createTestAuth({ plugins: [hidden] })).toThrow(/"team\.list" must be outside of its plugin's/)
  })
})

describe('password.set', () => {
  async function startWithout() {
    const test = createTestAuth()
    const resHeaders = new Headers()
    await test.auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    const headers = { cookie: resHeaders.getSetCookie()[0]?.split(';')[0] ?? '', origin: 'http://localhost:3000' }
    const { adapter } = test.auth.context
    await adapter.deleteMany({ model: 'account', where: [] })
    return { ...test, headers, adapter, set: test.auth.caller({ headers }).password.set }
  }

  it('gives a password to the signed-in user who has none', async () => {
    const { auth, set, adapter } = await startWithout()
    expect(await set({ newPassword: 'a new password' })).toEqual({ status: true })
    expect(await adapter.findMany({ model: 'account', where: [] })).toMatchObject([{ providerId: 'credential' }])
    const signedIn = await auth.caller().signIn.email({ email: ann.email, password: 'a new password' })
    expect(signedIn.user.email).toBe(ann.email)
  })

  it('changes none that is there', async () => {
    const { auth, set } = await startWithout()
    await set({ newPassword: 'a new password' })
    await expect(set({ newPassword: 'another password' })).rejects.toMatchObject({
      authCode: 'PASSWORD_ALREADY_SET',
      status: 400,
    })
    await expect(auth.caller().signIn.email({ email: ann.email, password: 'another password' })).rejects.toThrow(
      AuthError,
    )
  })

  it('needs a session, and a password that is acceptable', async () => {
    const { auth, set } = await startWithout()
    await expect(auth.caller().password.set({ newPassword: 'a new password' })).rejects.toMatchObject({
      authCode: 'UNAUTHORIZED',
    })
    await expect(set({ newPassword: 'short' })).rejects.toMatchObject({ authCode: 'PASSWORD_TOO_SHORT' })
    await expect(set({ newPassword: 'x'.repeat(129) })).rejects.toMatchObject({ authCode: 'PASSWORD_TOO_LONG' })
  })
})
