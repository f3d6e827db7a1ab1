import type { TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure, TRPCRouterCaller } from '@trpc/server'
import type { Fields, InputOf, OutputOf, Session, User } from '../entities/index.ts'
import type { sessionFields } from '../entities/session.ts'
import type { userFields } from '../entities/user.ts'
import type { SessionInputMark, UserInputMark } from './additional-fields.ts'
import type { AnyPlugin, ChallengeOf, FieldsOf, ProceduresOf, ServerProceduresOf, SignInChallenge } from './plugin.ts'
import type { t } from './trpc.ts'

type None = Record<never, never>

/** What an instance adds to the routers' types: its plugins, and the application's fields on user and session. */
export interface InstanceTypes {
  plugins: readonly AnyPlugin[]
  userFields: Fields
  sessionFields: Fields
}

type UnionToIntersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void
  ? I
  : never
type PluginsOf<I extends InstanceTypes> = I['plugins'][number]
type ExtraFields<I extends InstanceTypes, M extends 'user' | 'session'> = MergeFields<PluginsOf<I>, M> & I[`${M}Fields`]
type MergeFields<P, M extends string> = [P] extends [never] ? None : UnionToIntersection<FieldsOf<P, M>>
type Simplify<T> = { [K in keyof T]: T[K] }

/** The user of an instance, as clients see it. */
export type UserOf<I extends InstanceTypes> = Simplify<
  { id: string } & OutputOf<typeof userFields & ExtraFields<I, 'user'>>
>

/** The session of an instance, as clients see it. */
export type SessionOf<I extends InstanceTypes> = Simplify<
  { id: string } & OutputOf<typeof sessionFields & ExtraFields<I, 'session'>>
>

// Procedures are written for the user and session every instance has. These replace them, wherever they occur in an
// output, by those of the instance; lazily, so that only what is looked at is computed.
type ProjectOutput<T, I extends InstanceTypes> = T extends User
  ? UserOf<I>
  : T extends Session
    ? SessionOf<I>
    : T extends SignInChallenge
      ? ChallengeOf<PluginsOf<I>>
      : T extends string | number | boolean | Date | null | undefined
        ? T
        : { [K in keyof T]: ProjectOutput<T[K], I> }

type ProjectInput<T, I extends InstanceTypes> = UserInputMark extends keyof T
  ? Simplify<Omit<T, UserInputMark> & InputOf<ExtraFields<I, 'user'>>>
  : SessionInputMark extends keyof T
    ? Simplify<Omit<T, SessionInputMark> & InputOf<ExtraFields<I, 'session'>>>
    : T

type ProjectUpdate<T, I extends InstanceTypes> = UserInputMark extends keyof T
  ? Simplify<Omit<T, UserInputMark> & Partial<InputOf<ExtraFields<I, 'user'>>>>
  : SessionInputMark extends keyof T
    ? Simplify<Omit<T, SessionInputMark> & Partial<InputOf<ExtraFields<I, 'session'>>>>
    : T

type ProjectProcedures<R, I extends InstanceTypes> = {
  [K in keyof R]: R[K] extends TRPCQueryProcedure<infer D>
    ? TRPCQueryProcedure<{ input: D['input']; output: ProjectOutput<D['output'], I>; meta: D['meta'] }>
    : R[K] extends TRPCMutationProcedure<infer D>
      ? TRPCMutationProcedure<{
          // Only creating demands required fields.
          input: K extends 'update' ? ProjectUpdate<D['input'], I> : ProjectInput<D['input'], I>
          output: ProjectOutput<D['output'], I>
          meta: D['meta']
        }>
      : ProjectProcedures<R[K], I>
}

type RootTypes = (typeof t)['_config']['$types']

type OfPlugins<I extends InstanceTypes> = [PluginsOf<I>] extends [never]
  ? None
  : UnionToIntersection<ProceduresOf<PluginsOf<I>>>
type OwnOfPlugins<I extends InstanceTypes> = [PluginsOf<I>] extends [never]
  ? None
  : UnionToIntersection<ServerProceduresOf<PluginsOf<I>>>

/** The procedures of an instance: the built-in ones in `Core` and those of its plugins. */
export type ProceduresOfInstance<Core, I extends InstanceTypes> = ProjectProcedures<Core & OfPlugins<I>, I>

/** The tRPC router of an instance. */
export type RouterOf<Core, I extends InstanceTypes> = TRPCBuiltRouter<RootTypes, ProceduresOfInstance<Core, I>>

/** Calls the instance's procedures within the process: those of its router, and those for the application's own code. */
export type CallerOf<Core, I extends InstanceTypes> = ReturnType<
  TRPCRouterCaller<RootTypes, ProjectProcedures<Core & OfPlugins<I> & OwnOfPlugins<I>, I>>
>
