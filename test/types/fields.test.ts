import type { inferRouterInputs } from '@trpc/server'
import { expectTypeOf, it } from 'vitest'
import { emailAndPassword, init, memoryAdapter } from '../../src/index.ts'
import type { auth, plain } from './instance.ts'

type Inputs = inferRouterInputs<typeof auth.router>
type Caller = ReturnType<typeof auth.caller>
// By a call within the process: on the wire dates are text, see callers.test.ts.
// biome-ignore lint/suspicious/noExplicitAny: any function's result
type Result<Call extends (...input: any) => unknown> = Awaited<ReturnType<Call>>

interface ExpectedUser {
  id: string
  name: string
  email: string
  emailVerified: boolean
  image?: string | null
  createdAt: Date
  updatedAt: Date
  country: string
  nickname?: string | null
  newsletter: boolean
  born?: Date | null
  plan?: 'free' | 'paid' | null
  rank?: number | null
  badgeNumber?: number | null
  secondStepOn: boolean
}

it('$Infer has the fields of core, plugins and application, and no hidden one', () => {
  expectTypeOf<typeof auth.$Infer.User>().toEqualTypeOf<{ [K in keyof ExpectedUser]: ExpectedUser[K] }>()
  expectTypeOf<typeof auth.$Infer.User>().not.toHaveProperty('hiddenNote')
  expectTypeOf<typeof auth.$Infer.Session>().toHaveProperty('theme').toEqualTypeOf<string | null | undefined>()
  expectTypeOf<typeof auth.$Infer.Session>().toHaveProperty('door').toEqualTypeOf<string | null | undefined>()
  expectTypeOf<typeof auth.$Infer.Session>().toHaveProperty('secondStep').toEqualTypeOf<boolean | null | undefined>()
  expectTypeOf<typeof plain.$Infer.User>().not.toHaveProperty('country')
})

it('the outputs of every procedure have them, at any depth', () => {
  type User = typeof auth.$Infer.User
  type Session = typeof auth.$Infer.Session
  expectTypeOf<NonNullable<Result<Caller['session']['get']>>['user']>().toEqualTypeOf<User>()
  expectTypeOf<NonNullable<Result<Caller['session']['get']>>['session']>().toEqualTypeOf<Session>()
  expectTypeOf<Result<Caller['session']['list']>[number]>().toEqualTypeOf<Session>()
  expectTypeOf<Result<Caller['session']['update']>['session']>().toEqualTypeOf<Session>()
  expectTypeOf<Result<Caller['signUp']['email']>['user']>().toEqualTypeOf<User>()
  expectTypeOf<Result<Caller['signUp']['email']>['token']>().toEqualTypeOf<string | null>()
  expectTypeOf<Result<Caller['password']['change']>['user']>().toEqualTypeOf<User>()
  expectTypeOf<Result<Caller['badge']['holder']>['holders'][number]['user']>().toEqualTypeOf<User>()
  expectTypeOf<Result<Caller['badge']['holder']>['holders'][number]['since']>().toEqualTypeOf<Date>()
  expectTypeOf<NonNullable<Result<Caller['signIn']['badge']>>['session']>().toEqualTypeOf<Session>()
})

it('sign-up demands a required field, and takes the optional ones', () => {
  type SignUp = Inputs['signUp']['email']
  const person = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }
  expectTypeOf({ ...person, country: 'NL' }).toExtend<SignUp>()
  expectTypeOf({ ...person, country: 'NL', nickname: 'An', born: new Date(0), hiddenNote: 'x' }).toExtend<SignUp>()
  expectTypeOf({ ...person, country: 'NL', plan: 'paid' as const, newsletter: true }).toExtend<SignUp>()
  // @ts-expect-error `country` is required
  const withoutCountry: SignUp = person
  // @ts-expect-error `born` is a date
  const wrongType: SignUp = { ...person, country: 'NL', born: 5 }
  // @ts-expect-error `plan` is one of two
  const wrongChoice: SignUp = { ...person, country: 'NL', plan: 'stolen' }
  // @ts-expect-error `rank` is not for clients to set
  const notInput: SignUp = { ...person, country: 'NL', rank: 1 }
  // @ts-expect-error there is no such field
  const unknown: SignUp = { ...person, country: 'NL', colour: 'red' }
  void [withoutCountry, wrongType, wrongChoice, notInput, unknown]
})

it('an update demands nothing', () => {
  type Update = Inputs['user']['update']
  expectTypeOf<{ name: string }>().toExtend<Update>()
  expectTypeOf<{ country: string; nickname: null }>().toExtend<Update>()
  // @ts-expect-error `rank` is not for clients to set
  const notInput: Update = { rank: 1 }
  // @ts-expect-error a plugin's field is not for clients to set, unless it says so
  const ofPlugin: Update = { badgeNumber: 1 }
  void [notInput, ofPlugin]
  expectTypeOf({ theme: 'dark', door: null }).toExtend<Inputs['session']['update']>()
  // @ts-expect-error `secondStep` is not for clients to set
  const ofSession: Inputs['session']['update'] = { secondStep: true }
  void ofSession
})

it('a plain instance has the plain types', () => {
  type Plain = ReturnType<typeof plain.caller>
  expectTypeOf<Result<Plain['signUp']['email']>['user']>().toEqualTypeOf<typeof plain.$Infer.User>()
  // Without a plugin that asks for a second step, a sign-in is a session.
  expectTypeOf<Result<Plain['signIn']['email']>['token']>().toEqualTypeOf<string>()
  const other = init({ secret: 'x', database: memoryAdapter(), plugins: [emailAndPassword()] })
  expectTypeOf<typeof other.$Infer.User>().toEqualTypeOf<typeof plain.$Infer.User>()
})

it('with a plugin that asks for a second step, a sign-in is one or the other', () => {
  type SignIn = Result<Caller['signIn']['email']>
  type Challenge = Exclude<SignIn, { token: string }>
  expectTypeOf<Challenge>().toEqualTypeOf<{ secondStep: true; userId: string; methods: string[] }>()
  expectTypeOf<Extract<SignIn, { token: string }>['user']>().toEqualTypeOf<typeof auth.$Infer.User>()
  const read = (answer: SignIn) => {
    // @ts-expect-error there may be no token
    return answer.token
  }
  void read
})
