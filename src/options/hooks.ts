import type { Adapter } from '../adapters/contract.ts'
import type { CookieAttributes } from '../cookies.ts'
import type { AuthError, ErrorDefinition } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { StoredSession } from '../session-store.ts'

/** What an application's hooks see of a call. The names are those of Better Auth's hook context. */
export interface HookContext {
  /** REST path, such as `/sign-in/email`; the operation id in its place for a procedure without one. */
  path: string
  operationId: string
  /** HTTP method; absent for a call within the process. */
  method?: string
  /** Input of a procedure that writes, camelCased and not yet checked against its schema. */
  body?: unknown
  /** Input of a procedure that reads. */
  query?: unknown
  headers: Headers
  request?: Request
  context: {
    /** The options of the instance, with every default filled in. */
    options: object
    baseURL: string
    adapter: Adapter
    logger: Logger
    /** The session the call came with, as far as it has been read. */
    session: StoredSession | null
    /** The session that the call started or extended. */
    newSession: StoredSession | null
    /** In `after`: what the procedure answers, or the `AuthError` it refuses with. */
    returned?: unknown
    generateId(input: { model: string }): string | undefined
    password: { hash(password: string): Promise<string>; verify(password: string, hash: string): Promise<boolean> }
    runInBackground(task: () => unknown): void
  }
  setHeader(name: string, value: string): void
  setCookie(name: string, value: string, attributes?: CookieAttributes): void
  /** The value itself: for hooks that are written `return ctx.json(value)`. */
  json<T>(value: T): T
  /** An error to throw. */
  error(definition: ErrorDefinition): AuthError
}

/**
 * Takes part in every call, whichever way it comes in. What Better Auth's `createAuthMiddleware` makes fits too.
 */
export type CallHook = (context: HookContext) => unknown

export interface HookOptions {
  /**
   * Runs after origin, rate limit and hostile input are checked and before the input meets its schema. Throwing refuses
   * the call; returning `{ context: { body, query, headers } }` changes it; any other object is the answer.
   */
  before?: CallHook
  /** Runs when the procedure has answered or refused; `context.context.returned` is that. Returning a value replaces it. */
  after?: CallHook
}
