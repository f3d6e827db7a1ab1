import type { z } from 'zod'
import type { Account, Fields, SchemaContribution, Session, User } from '../entities/index.ts'
import type { Hooks } from './context.ts'
import type { ErrorDefinition } from './errors.ts'
import type { AddedProviders } from './oauth/instance-providers.ts'
import type { ResolvedOptions } from './options/index.ts'
import type { Pages } from './pages.ts'
import type { BaseProcedures, ServerProcedures } from './trpc.ts'

/** What a plugin builds its procedures with. */
export interface ProcedureBuilder {
  /** Base procedures; choosing one is declaring the access policy. */
  procedure: BaseProcedures
  /** Zod schemas of this instance's user and session, the fields of plugins and application included. */
  schemas: InstanceSchemas
  /** Whether a plugin knows who administers the instance: the hook `administers`. */
  hasAdministrators: boolean
}

/** What a plugin builds procedures with that only the application's own code calls. */
export interface ServerProcedureBuilder {
  procedure: ServerProcedures
  schemas: InstanceSchemas
}

/** A way to sign in, as its user may see it. */
export interface LinkedAccount
  extends Pick<Account, 'id' | 'providerId' | 'accountId' | 'userId' | 'createdAt' | 'updatedAt'> {
  scopes: string[]
}

export interface InstanceSchemas {
  user: z.ZodType<User, User>
  session: z.ZodType<Session, Session>
  /** A way to sign in, as its user may see it: without secrets. */
  account: z.ZodType<LinkedAccount, LinkedAccount>
  /** The answer of a sign-in: `answer`, or the challenge of a plugin that asks for a second step. */
  orChallenge<Answer extends z.ZodType>(
    answer: Answer,
  ): z.ZodType<z.output<Answer> | SignInChallenge, z.input<Answer> | SignInChallenge>
  /** What clients may send for a user's and a session's additional fields. */
  userInput: Record<string, z.ZodType>
  /** Those of them that must be sent when a user is made. */
  requiredUserInput: readonly string[]
  sessionInput: Record<string, z.ZodType>
}

declare const challengeMark: unique symbol

/**
 * What a sign-in answers instead of a session when a plugin asks for a second step.
 * On the type of an instance's router, the challenges of its plugins stand in this place, or nothing.
 */
export interface SignInChallenge {
  readonly [challengeMark]: never
}

/** Procedures by name, nested at will; two plugins may fill the same branch, such as `signIn`. */
// biome-ignore lint/suspicious/noExplicitAny: tRPC's record of procedures has no narrower type that nests
export type Procedures = Record<string, any>

type None = Record<never, never>

/**
 * A feature. Everything it needs of the kernel it states here; everything it adds it owns:
 * procedures with their errors and limits, tables and fields, reactions to what others do.
 */
export interface Plugin<
  P extends Procedures = Procedures,
  S extends SchemaContribution = SchemaContribution,
  C = never,
  Own extends Procedures = None,
> {
  /** Unique among the plugins of an instance. */
  id: string
  /** Tables, or fields of existing ones. */
  schema?: S
  /**
   * The way to sign in that its procedures are for, such as `magic-link`; the hook `methodUsing` is asked before each. Those
   * that end with a session, and not with a mail or a changed password, declare `signsIn`: by them somebody signs in so.
   */
  signInMethod?: string
  /**
   * Called once by `init`, before anything else of the plugin.
   * @param plugins all of the instance, of which it may need one that has a certain hook
   * @throws when these options or plugins do not go with its own options
   */
  assertFits?(options: ResolvedOptions, plugins: readonly { id: string; hooks?: Hooks }[]): void
  /** Ids of plugins that must be there too. */
  requires?: readonly string[]
  /** Called once by `init`; two instances share nothing. */
  procedures?(builder: ProcedureBuilder): P
  /**
   * Procedures for the application's own code, such as setting a password for a user who has none. `auth.caller()` has
   * them beside the others, under the same guards. Nothing else does: they are not in `auth.router`, so neither REST nor
   * tRPC nor a host that embeds the router can reach them, and no client's type knows them. A feature says in a
   * procedure's summary on whose behalf it is called.
   */
  serverProcedures?(builder: ServerProcedureBuilder): Own
  hooks?: Hooks
  /** What it answers beside its procedures, such as a page for people. */
  pages?: Pages
  /** Further sites to sign in with, besides `socialProviders`; called once by `init`. */
  oauthProviders?: AddedProviders
  /** What its hooks refuse with; every procedure may then answer so. */
  hookErrors?: readonly ErrorDefinition[]
  /** The challenges that its `credentialVerified` hook answers with. */
  challenge?: z.ZodType<C>
}

/** Any plugin, whatever it adds. */
// biome-ignore lint/suspicious/noExplicitAny: variance of `procedures` would reject every concrete plugin
export type AnyPlugin = Plugin<any, any, any, any>

/** Types a plugin as narrowly as it is written, so that its procedures and fields show up on `init`'s result. */
export function definePlugin<
  P extends Procedures = None,
  const S extends SchemaContribution = None,
  C = never,
  Own extends Procedures = None,
>(plugin: Plugin<P, S, C, Own>): Plugin<P, S, C, Own> {
  return plugin
}

/** The procedures a plugin adds. */
export type ProceduresOf<P> = P extends Plugin<infer R, infer _S, infer _C, infer _O> ? R : never

/** The procedures it adds for the application's own code. */
export type ServerProceduresOf<P> = P extends Plugin<infer _R, infer _S, infer _C, infer O> ? O : never

/** The fields a plugin adds to the model `M`. */
export type FieldsOf<P, M extends string> =
  P extends Plugin<infer _R, infer S, infer _C, infer _O>
    ? S extends { [K in M]: { fields: infer F extends Fields } }
      ? F
      : None
    : None

/** The challenges a plugin answers sign-ins with. */
export type ChallengeOf<P> = P extends Plugin<infer _R, infer _S, infer C, infer _O> ? C : never

/**
 * Checks that the plugins fit together.
 * @throws when an id occurs twice or a required plugin is missing
 */
export function assertPluginsFit(plugins: readonly AnyPlugin[]): void {
  const ids = new Set<string>()
  for (const { id } of plugins) {
    if (ids.has(id)) throw new Error(`init: the plugin "${id}" is there twice`)
    ids.add(id)
  }
  for (const { id, requires = [] } of plugins) {
    const missing = requires.find(required => !ids.has(required))
    if (missing) throw new Error(`init: the plugin "${id}" requires the plugin "${missing}"`)
  }
}

/**
 * Puts the plugins' procedures into one tree.
 * @throws when two plugins give a procedure the same path
 */
export function mergeProcedures(parts: readonly Procedures[]): Procedures {
  const merged: Procedures = {}
  for (const part of parts) mergeInto(merged, part, '')
  return merged
}

function mergeInto(target: Procedures, source: Procedures, path: string): void {
  for (const [name, value] of Object.entries(source)) {
    const here = path ? `${path}.${name}` : name
    const existing = target[name]
    if (existing === undefined) target[name] = isBranch(value) ? mergeProcedures([value]) : value
    else if (isBranch(existing) && isBranch(value)) mergeInto(existing, value, here)
    else throw new Error(`init: two plugins define the procedure "${here}"`)
  }
}

// A procedure is a function with a definition, a branch a plain object.
function isBranch(value: unknown): value is Procedures {
  return typeof value === 'object' && value !== null
}
