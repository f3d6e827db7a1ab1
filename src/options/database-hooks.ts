import type { Account, Session, User, Verification } from '../../entities/index.ts'
import type { HookContext } from './hooks.ts'

/**
 * Takes part in one kind of write of one model. `before` runs inside the write's transaction: it may change what is
 * written by returning `{ data }`, and refuse it by returning `false` or throwing. `after` runs once the write is
 * committed, and not at all when it is undone; what it throws is logged.
 * `context` is the call that writes, `null` outside of one.
 */
export interface DatabaseHook<Given, Written> {
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks on returns nothing
  before?(row: Given, context: HookContext | null): MaybePromise<false | { data: Partial<Written> } | undefined | void>
  after?(row: Written, context: HookContext | null): MaybePromise<unknown>
}

type MaybePromise<T> = T | Promise<T>

export interface ModelHooks<Row> {
  create?: DatabaseHook<Row & Record<string, unknown>, Row & Record<string, unknown>>
  /** `before` is given the fields that change; `after` the whole row. */
  update?: DatabaseHook<Partial<Row> & Record<string, unknown>, Row & Record<string, unknown>>
  /** `before` is given the whole row and can only refuse. */
  delete?: DatabaseHook<Row & Record<string, unknown>, Row & Record<string, unknown>>
}

/** Hooks by model; those of plugins' models are untyped. */
export interface DatabaseHooks {
  user?: ModelHooks<User>
  session?: ModelHooks<Session>
  account?: ModelHooks<Account>
  verification?: ModelHooks<Verification>
  // biome-ignore lint/suspicious/noExplicitAny: an index signature must admit the named models' rows as well
  [model: string]: ModelHooks<any> | undefined
}
