import type { Schema, SchemaContribution, Session, User } from '../entities/index.ts'
import type { Adapter } from './adapters/contract.ts'
import type { CookieDefinition } from './cookies.ts'
import type { Keyring } from './crypto/keyring.ts'
import type { PasswordHasher } from './crypto/password.ts'
import type { ErrorDefinition } from './errors.ts'
import type { Logger } from './logger.ts'
import type { ProcedureMeta, ProcedureRecord } from './meta.ts'
import type { ResolvedOptions } from './options/index.ts'
import type { TrustedOrigins } from './origin.ts'
import type { RateLimitStore } from './rate-limit.ts'
import type { SessionStore, StoredSession } from './session-store.ts'
import type { CompleteStorage } from './storage/contract.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** One auth instance's parts, as `init` put them together. Nothing of it is shared with another instance. */
export interface Kernel {
  options: ResolvedOptions
  plugins: readonly { id: string; schema?: SchemaContribution }[]
  schema: Schema
  adapter: Adapter
  unitOfWork: UnitOfWork
  sessions: SessionStore
  /** Where single-use secrets live instead of in the database. */
  verificationStorage?: CompleteStorage
  hasher: PasswordHasher
  /** Signs and seals with the instance's secrets. */
  keys: Keyring
  hooks: HookRunner
  /** What the plugins' hooks may refuse with. */
  hookErrors: readonly ErrorDefinition[]
  rateLimits: RateLimitStore
  log: Logger
  now(): Date
  /** A new row's id; `undefined` when the database gives one. */
  newId(model: string): string | undefined
  /** Goes on after the response; in a unit of work it begins once that is committed. A failure is logged. */
  background(task: () => Promise<unknown> | unknown): void
  cookies(key: string): CookieDefinition
  /** All procedures of the router, by their meta: what a call can look up about itself. */
  procedures: ReadonlyMap<ProcedureMeta, ProcedureRecord>
}

/** A session and its user, as one query reads them. */
export type SessionData = StoredSession

/** What the transport knows of a request. */
export interface RequestSource {
  headers: Headers
  /** HTTP method; absent for a call within the process. */
  method?: string
  /** The request itself, where there is one; callbacks of the application are given it. */
  request?: Request
  /** Address of the peer, if the transport knows it. */
  socketAddress?: string
  /** Response headers are out already, so no cookie can be set any more. */
  isStreamed?: boolean
  /** Takes response headers; several `set-cookie` are several calls. */
  sendHeader(name: string, value: string): void
}

/** One HTTP request, or one call within the process. The procedures of a batch share it. */
export interface RequestContext extends RequestSource {
  kernel: Kernel
  cookies: ReadonlyMap<string, string>
  /** Public address of this instance for this request, without a path: where links and redirects lead. */
  origin: string
  /** `origin` and the path of the routes. */
  baseURL: string
  /** Origins trusted for this request. */
  trustedOrigins(): Promise<TrustedOrigins>
  /** The session of the request's cookie, read at most once; a sign-in within the request replaces it. */
  session: { current?: Promise<SessionData | null> }
}

/** What a procedure works with, at `ctx.auth`: the request, and the response headers of this one call. */
export interface AuthContext extends RequestContext {
  outgoing: [name: string, value: string][]
}

/** `ctx.auth` of a procedure that has a session. */
export interface SignedInContext extends AuthContext {
  signedIn: SessionData
}

/** The one key under which Kernia lives in a tRPC context, beside whatever the host application has there. */
export interface KerniaContext {
  auth: RequestContext
}

/** A row about to be written. */
export type Draft = Record<string, unknown>

/** What a second step of a sign-in looks like to the client, instead of a session. */
export type Challenge = Record<string, unknown>

/**
 * The points at which a plugin takes part in what others do. "-ing" runs before the write, inside its transaction,
 * may return fields to change and may refuse by throwing an `AuthError`; "-ed" runs after the commit and can only react.
 */
export interface Hooks {
  userCreating?(draft: Draft, auth: AuthContext): HookResult<Draft>
  userCreated?(user: User, auth: AuthContext): HookResult<void>
  userUpdating?(changes: Draft, auth: AuthContext): HookResult<Draft>
  userUpdated?(user: User, auth: AuthContext): HookResult<void>
  sessionCreating?(draft: Draft, auth: AuthContext): HookResult<Draft>
  sessionCreated?(session: Session, auth: AuthContext): HookResult<void>
  /** A session was read for this call; throwing refuses it. */
  sessionRead?(current: { session: Session; user: User }, auth: AuthContext): HookResult<void>
  /**
   * The first factor is proven and no session exists yet. A returned challenge goes to the client instead of
   * a session; nothing is created.
   */
  credentialVerified?(event: { user: User; rememberMe: boolean }, auth: AuthContext): HookResult<Challenge>
  /** A user chose this password; throwing refuses it. */
  passwordChosen?(password: string, auth: AuthContext): HookResult<void>
}

// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only reacts returns nothing
type HookResult<T> = T | undefined | void | Promise<T | undefined | void>

type Amending = 'userCreating' | 'userUpdating' | 'sessionCreating'
type Telling = 'userCreated' | 'userUpdated' | 'sessionCreated'
type Asking = Exclude<keyof Hooks, Amending | Telling>
type EventOf<P extends keyof Hooks> = Parameters<NonNullable<Hooks[P]>>[0]

/** The plugins' hooks, in the order of the plugins. */
export interface HookRunner {
  /** Lets every plugin change a row that is about to be written. */
  amend(point: Amending, draft: Draft, auth: AuthContext): Promise<Draft>
  /** Asks every plugin, each of which may refuse; the first challenge of `credentialVerified` ends it, with that. */
  ask<P extends Asking>(point: P, event: EventOf<P>, auth: AuthContext): Promise<unknown>
  /** Tells every plugin what has happened. It cannot be undone any more, so what goes wrong is logged. */
  tell<P extends Telling>(point: P, event: EventOf<P>, auth: AuthContext): Promise<void>
}
