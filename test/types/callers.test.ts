import { createTRPCClient, httpBatchLink, type TRPCClientError } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import superjson from 'superjson'
import { expectTypeOf, it } from 'vitest'
import { createKerniaClient } from '../../clients/trpc-client.ts'
import { formatError, type KerniaContext } from '../../src/index.ts'
import { auth } from './instance.ts'

type User = typeof auth.$Infer.User
const url = 'http://localhost:3000/api/auth'
const person = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery', country: 'NL' }

// Only their types are looked at: nothing is called.
const client = createKerniaClient<typeof auth.router>({ url })

it("the tRPC client has the fields, with dates as JSON's text", () => {
  type Current = NonNullable<Awaited<ReturnType<typeof client.session.get.query>>>
  expectTypeOf<Current['user']['createdAt']>().toEqualTypeOf<string>()
  expectTypeOf<Current['user']['born']>().toEqualTypeOf<string | null | undefined>()
  expectTypeOf<Current['user']['plan']>().toEqualTypeOf<'free' | 'paid' | null | undefined>()
  expectTypeOf<Current['session']['theme']>().toEqualTypeOf<string | null | undefined>()
  expectTypeOf<Current['user']>().not.toHaveProperty('hiddenNote')
  expectTypeOf<Current['user']>().not.toHaveProperty('password')
})

it('the tRPC client has the procedures of plugins, beside those in the same branch', () => {
  expectTypeOf(client.signIn.email.mutate).toBeFunction()
  expectTypeOf(client.signIn.badge.mutate).parameter(0).toEqualTypeOf<{ number: number }>()
  expectTypeOf(client.signIn.secondStep.mutate).parameter(0).toEqualTypeOf<{ userId: string; code: string }>()
  expectTypeOf(client.badge.holder.query).returns.resolves.toHaveProperty('holders')
  const wrong = () => {
    // @ts-expect-error there is no such procedure
    client.signIn.magicLink
    // @ts-expect-error a query is no mutation
    client.session.get.mutate()
    // @ts-expect-error a required field is missing
    client.signUp.email.mutate({ name: 'Ann', email: 'ann@example.com', password: 'x' })
    client.signUp.email.mutate(person)
    client.user.update.mutate({ nickname: 'An' })
  }
  void wrong
})

it("an error of the tRPC client has Kernia's code", () => {
  type Data = NonNullable<TRPCClientError<typeof auth.router>['data']>
  expectTypeOf<Data['authCode']>().toEqualTypeOf<string>()
  expectTypeOf<Data['httpStatus']>().toEqualTypeOf<number>()
})

it('the caller and getSession give dates as Date', () => {
  type Caller = ReturnType<typeof auth.caller>
  expectTypeOf<Awaited<ReturnType<Caller['session']['list']>>[number]['expiresAt']>().toEqualTypeOf<Date>()
  expectTypeOf<Parameters<Caller['signUp']['email']>[0]>().toExtend<{ country: string }>()
  expectTypeOf<NonNullable<Awaited<ReturnType<typeof auth.getSession>>>['user']>().toEqualTypeOf<User>()
})

interface HostContext extends KerniaContext {
  requestId: string
}

function hosts() {
  const dated = initTRPC.context<HostContext>().create({
    transformer: superjson,
    errorFormatter: ({ shape, error }) => formatError(shape, error),
  })
  const plain = initTRPC.context<HostContext>().create()
  return {
    dated: dated.router({ own: dated.procedure.query(() => 1), auth: auth.router }),
    plain: plain.router({ auth: plain.router({ inner: auth.router }) }),
  }
}

type Hosts = ReturnType<typeof hosts>

const dated = createTRPCClient<Hosts['dated']>({ links: [httpBatchLink({ url, transformer: superjson })] })
const text = createTRPCClient<Hosts['plain']>({ links: [httpBatchLink({ url })] })

it("a host's client has the fields, with dates as Date through superjson", () => {
  type Current = NonNullable<Awaited<ReturnType<typeof dated.auth.session.get.query>>>
  expectTypeOf<Current['user']>().toEqualTypeOf<User>()
  expectTypeOf<Current['session']['expiresAt']>().toEqualTypeOf<Date>()
  expectTypeOf(dated.own.query).returns.resolves.toEqualTypeOf<number>()
  expectTypeOf(dated.auth.signIn.badge.mutate).parameter(0).toEqualTypeOf<{ number: number }>()
  type Data = NonNullable<TRPCClientError<Hosts['dated']>['data']>
  expectTypeOf<Data['authCode']>().toEqualTypeOf<string | undefined>()
})

it("a host's client without a transformer has dates as text", () => {
  type Current = NonNullable<Awaited<ReturnType<typeof text.auth.inner.session.get.query>>>
  expectTypeOf<Current['user']['createdAt']>().toEqualTypeOf<string>()
  expectTypeOf<Current['user']['country']>().toEqualTypeOf<string>()
})
