import type { Schema, SchemaContribution, Session, User } from '../entities/index.ts'
import type { Adapter } from './adapters/contract.ts'
import type { AddressResolver } from './client-address.ts'
import type { CookieCache } from './cookie-cache/index.ts'
import type { CookieDefinition } from './cookies.ts'
import type { Keyring } from './crypto/keyring.ts'
import type { PasswordHasher } from './crypto/password.ts'
import type { CurrentCall } from './current-call.ts'
import type { ErrorDefinition } from './errors.ts'
import type { EventBus } from './events.ts'
import type { Logger } from './logger.ts'
import type { ProcedureMeta, ProcedureRecord } from './meta.ts'
import type { CallbackAnswer, CallbackRules } from './oauth/callback-answer.ts'
import type { StartedFlow } from './oauth/flow.ts'
import type { InstanceProviders } from './oauth/instance-providers.ts'
import type { OAuthProvider } from './oauth/provider.ts'
import type { TokenEncryption } from './oauth/token-encryption.ts'
import type { ResolvedOptions } from './options/index.ts'
import type { TrustedOrigins } from './origin.ts'
import type { RateLimitStore, Refusal } from './rate-limit/contract.ts'
import type { SafeFetch } from './safe-fetch.ts'
import type { SessionStore, StoredSession } from './session-store.ts'
import type { CompleteStorage } from './storage/contract.ts'
import type { TraceCall } from './tracing.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import type { Writes } from './writes.ts'

/** One auth instance's parts, as `init` put them together. Nothing of it is shared with another instance. */
export interface Kernel {
  options: ResolvedOptions
  plugins: readonly { id: string; schema?: SchemaContribution; signInMethod?: string }[]
  schema: Schema
  adapter: Adapter
  unitOfWork: UnitOfWork
  sessions: SessionStore
  /** Absent when it is off. */
  cookieCache?: CookieCache
  /** Where single-use secrets live instead of in the database. */
  verificationStorage?: CompleteStorage
  /** Deletes expired secrets of the database, if it is time to. */
  sweepSecrets(): void
  hasher: PasswordHasher
  /** Signs and seals with the instance's secrets. */
  keys: Keyring
  hooks: HookRunner
  /** Tells the application's listeners what has happened. */
  events: EventBus
  /** Lets the application take part in writes that do not go through `adapter`. */
  writes: Writes
  currentCall: CurrentCall<AuthContext>
  /** Absent without OpenTelemetry. */
  traceCall: TraceCall | undefined
  /** What the plugins' hooks may refuse with. */
  hookErrors: readonly ErrorDefinition[]
  /** The one way out to other servers. */
  fetch: SafeFetch
  /** Other sites where users can sign in. */
  providers: InstanceProviders
  /** How those sites' tokens are written to accounts and read from them. */
  tokenEncryption: TokenEncryption
  rateLimits: RateLimitStore
  /** Counts attempts at passwords, by account; the same store wherever that can be asked and made to forget. */
  attempts: RateLimitStore
  addresses: AddressResolver
  /** Origins to trust where there is no request. */
  startOrigins(): Promise<TrustedOrigins>
  log: Logger
  /** Logs a warning the first time it is given. */
  warnOnce(message: string): void
  now(): Date
  /** A new row's id; `undefined` when the database gives one. */
  newId(model: string): string | undefined
  /** Goes on after the response; in a unit of work it begins once that is committed. A failure is logged. */
  background(task: () => Promise<unknown> | unknown): void
  /** The cookie `key` of a request that reached the instance under `origin`. */
  cookies(key: string, origin: string): CookieDefinition
  /** All procedures of the router, by their meta: what a call can look up about itself. */
  procedures: ReadonlyMap<ProcedureMeta, ProcedureRecord>
  /** The way to sign in that a procedure is for, where its plugin says so: see `Plugin.signInMethod`. */
  methods: ReadonlyMap<ProcedureMeta, string>
}

/** A session and its user, as one query reads them. */
export type SessionData = StoredSession

/** What the transport knows of a request. */
export interface RequestSource {
  headers: Headers
  /** HTTP method; absent for a call within the process. */
  method?: string
  /** The address that was asked for, where the transport tells it. Its host is not to be believed. */
  url?: URL
  /** The request itself, where there is one; callbacks of the application are given it. Made when it is asked for. */
  request?(): Request
  /** Address of the peer, if the transport knows it. */
  socketAddress?: string
  /** The connection is TLS, if the transport knows. */
  isEncrypted?: boolean
  /** Response headers are out already, so no cookie can be set any more. */
  isStreamed?: boolean
  /** Takes response headers; several `set-cookie` are several calls. */
  sendHeader(name: string, value: string): void
}

/** One HTTP request, or one call within the process. The procedures of a batch share it. */
export interface RequestContext extends RequestSource {
  kernel: Kernel
  cookies: ReadonlyMap<string, string>
  /** Values of the signed cookies that were asked for so far, by name; `undefined` where the signature is wrong. */
  verified: Map<string, string | undefined>
  /** Public address of this instance for this request, without a path: where links and redirects lead. */
  origin: string
  /** `origin` and the path of the routes. */
  baseURL: string
  /** Address of the client, in the one spelling under which it is counted; absent where it is not known. */
  clientAddress: string | undefined
  /** Limits that calls of this request ran into, by policy. */
  refusals: Map<string, Refusal>
  /** Origins trusted for this request. */
  trustedOrigins(): Promise<TrustedOrigins>
  /**
   * The session of the request's cookie: as the cookie cache has it, and as the store has it, each read at most once
   * and kept apart. A sign-in within the request replaces the latter, which then goes before the former.
   */
  session: {
    cached?: Promise<SessionData | null>
    stored?: Promise<SessionData | null>
    /** The one that a plugin has made of something else: see `Hooks.sessionMissing`. */
    made?: SessionData
  }
}

/** What a procedure works with, at `ctx.auth`: the request, and the response headers of this one call. */
export interface AuthContext extends RequestContext {
  /** The procedure that is called; absent where a session is read outside of one. */
  meta?: ProcedureMeta
  outgoing: [name: string, value: string][]
  /** Cookies and headers that take time to make, by key: `finishCookies` makes them before the headers leave. */
  unfinished: Map<string, () => Promise<void>>
  /** Sessions that this call has come upon so far: the one it came with, and the one it handed out. */
  seen: {
    session?: SessionData
    newSession?: SessionData
    /** The way to sign in, where it is not the procedure's: a provider's id, or that of a step before this one. */
    signInMethod?: string
    /** What whoever began the sign-in at a provider, which this call ends, gave along as `additionalData`. */
    additionalData?: Record<string, unknown>
  }
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
  /**
   * A client chose these fields: of a new user, or of `user`. Runs before it is looked up whether the address is taken, so
   * that a refusal tells nothing about it; may return fields to change. Asked again when the write then met a unique
   * value that somebody else took at the same moment.
   */
  userFieldsChosen?(event: { fields: Draft; user: User | null }, auth: AuthContext): HookResult<Draft>
  /** Somebody signed up, with an address that nobody has proven yet. */
  signedUp?(user: User, auth: AuthContext): HookResult<void>
  /** Asks the owner of the user's address to prove it, where the application mails no link. Runs after the response. */
  verificationAsked?(user: User, auth: AuthContext): HookResult<void>
  /**
   * A user is going to be deleted; throwing refuses it. Runs before the transaction, which begins with holding the rows that
   * are returned: nobody else changes them until the user is gone.
   */
  userLeaving?(user: User, auth: AuthContext): HookResult<readonly HeldRows[]>
  /** A user is about to be deleted; throwing refuses it. Rows that refer to the user are deleted with it anyway. */
  userDeleting?(user: User, auth: AuthContext): HookResult<void>
  userDeleted?(user: User, auth: AuthContext): HookResult<void>
  /**
   * The owner of a mailbox signs in by it for the first time, to a user that somebody else may have made: the ways to
   * sign in that are there already are being deleted. Runs inside the transaction.
   */
  unprovenClearing?(user: User, auth: AuthContext): HookResult<void>
  sessionCreating?(draft: Draft, auth: AuthContext): HookResult<Draft>
  sessionCreated?(session: Session, auth: AuthContext): HookResult<void>
  /** Whether this session ends when it was to end at its beginning, however it is used. */
  isSessionFixed?(session: Session): boolean
  /** A session was read for this request, whose calls share it; throwing refuses it. */
  sessionRead?(current: { session: Session; user: User }, auth: AuthContext): HookResult<void>
  /** A call that needs a session is made with this one; `auth.meta` is the procedure's. Throwing refuses it. */
  sessionUsing?(use: SessionUse, auth: AuthContext): HookResult<void>
  /**
   * Whether whoever has this session, as the store has it, may change how the whole instance works. Throwing refuses
   * somebody who may, and needs more for it, such as a second factor.
   */
  administers?(current: SessionData, auth: AuthContext): HookResult<boolean>
  /** Somebody uses a way to sign in: calls a procedure of it, or goes to or comes from a provider. Throwing refuses it. */
  methodUsing?(event: { method: string }, auth: AuthContext): HookResult<void>
  /**
   * The first factor is proven and no session exists yet. A returned challenge goes to the client instead of
   * a session; nothing is created.
   */
  credentialVerified?(event: { user: User; rememberMe: boolean }, auth: AuthContext): HookResult<Challenge>
  /**
   * A browser is being sent to a provider. Where it is to come back to another server, that server's address and a state
   * that it understands are returned.
   */
  providerLeaving?(
    event: { provider: OAuthProvider; flow: StartedFlow },
    auth: AuthContext,
  ): HookResult<{ state: string; redirectURI: string }>
  /** A browser comes back from a provider. A returned address is where it goes, and no flow of this server is ended. */
  providerReturned?(
    event: { answer: CallbackAnswer; rules: CallbackRules },
    auth: AuthContext,
  ): HookResult<{ url: string }>
  /** A user chose this password; throwing refuses it. */
  passwordChosen?(password: string, auth: AuthContext): HookResult<void>
  /** The user has another password, or one at last. Runs inside the transaction, where there is one. */
  passwordChanged?(event: { userId: string }, auth: AuthContext): HookResult<void>
  /**
   * The session token that a request carries in some other way than the session cookie, such as a bearer token. It goes
   * before the cookie, which a browser adds by itself, and is looked up like it.
   */
  sessionToken?(auth: RequestContext): string | undefined
  /**
   * A session for a request that has none, made of something else, such as an API key. It is no row: it is neither
   * extended nor sent nor cached, and never fresh.
   */
  sessionMissing?(auth: AuthContext): HookResult<SessionData>
  /** Whether this user has turned on a second factor, which sign-ins then ask for. */
  hasSecondFactor?(event: { userId: string }, auth: AuthContext): HookResult<boolean>
  /** Whether this user has a way to sign in that answers to this site only, so that it cannot be phished. */
  hasPhishingResistantFactor?(event: { userId: string }, auth: AuthContext): HookResult<boolean>
  /**
   * When this session was last proved with a second factor, as it says itself: asked for it as the store has it, never as a
   * cache does. The latest of what plugins say counts.
   */
  secondFactorAt?(current: SessionData): Date | null | undefined
  /** What a user may do in the name of an organization, where a plugin knows organizations. */
  membershipAsked?(question: MembershipQuestion, auth: AuthContext): HookResult<MembershipAnswer>
  /** A member leaves an organization, is removed from it, or is deleted; throwing refuses it. Within the transaction. */
  membershipEnding?(event: { organizationId: string; userId: string }, auth: AuthContext): HookResult<void>
  /** An organization is about to be deleted, with all that refers to it; throwing refuses it. */
  organizationDeleting?(event: { organizationId: string }, auth: AuthContext): HookResult<void>
  /** The session's cookie is being sent, at its beginning or again; cookies and headers may be set beside it. */
  sessionSent?(data: SessionData, auth: AuthContext): void
  /** The client is being made to forget its session. */
  sessionForgotten?(auth: AuthContext): void
  /** The client signs out of this session, if it has one: what it holds beside it is to end as well. */
  signingOut?(event: { token: string | undefined }, auth: AuthContext): HookResult<void>
  /** The current session is the answer of this call; headers may be set beside it. */
  sessionAnswered?(data: SessionData, auth: AuthContext): HookResult<void>
  /** A user's sessions are being listed for that user; those returned are shown. */
  sessionsListing?(sessions: readonly Session[], auth: AuthContext): HookResult<readonly Session[]>
}

/** A session that a call is made with. */
export interface SessionUse extends SessionData {
  /** It is for something that the user alone may do: see `ProcedureDeclaration.ownerOnly`. */
  ownerOnly: boolean
}

/** Rows to be held: see `Adapter.lock`. */
export type HeldRows = Parameters<Adapter['lock']>[0]

/** Whether a user may do all of this, as actions by resource, in the name of an organization. */
export interface MembershipQuestion {
  organizationId: string
  userId: string
  permissions: Readonly<Record<string, readonly string[]>>
  /**
   * Whether it is the session of the request that asks, of which an organization may want more. Not where the
   * application's own code does, or where nobody has signed in: a key that the user has made is being checked.
   */
  bySession: boolean
}

/** `stranger`: the user is no member, or there is no such organization; `member`: is one, and may not. */
export type MembershipAnswer = 'stranger' | 'member' | 'allowed'

// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only reacts returns nothing
type HookResult<T> = T | undefined | void | Promise<T | undefined | void>

type Amending = 'userCreating' | 'userUpdating' | 'sessionCreating'
type Telling = 'userCreated' | 'userUpdated' | 'userDeleted' | 'sessionCreated' | 'signedUp'
type Announcing = 'sessionSent' | 'sessionForgotten'
type Single =
  | 'providerLeaving'
  | 'providerReturned'
  | 'sessionToken'
  | 'sessionMissing'
  | 'membershipAsked'
  | 'sessionsListing'
  | 'isSessionFixed'
  | 'administers'
  | 'hasSecondFactor'
  | 'hasPhishingResistantFactor'
  | 'secondFactorAt'
  | 'userFieldsChosen'
  | 'userLeaving'
  | 'verificationAsked'
type Asking = Exclude<keyof Hooks, Amending | Telling | Announcing | Single>
type EventOf<P extends keyof Hooks> = Parameters<NonNullable<Hooks[P]>>[0]

/** The plugins' hooks, in the order of the plugins. */
export interface HookRunner {
  /** Lets every plugin change a row that is about to be written. */
  amend(point: Amending, draft: Draft, auth: AuthContext): Promise<Draft>
  /** Asks every plugin, each of which may refuse; the first challenge of `credentialVerified` ends it, with that. */
  ask<P extends Asking>(point: P, event: EventOf<P>, auth: AuthContext): Promise<unknown>
  /** Tells every plugin what has happened. It cannot be undone any more, so what goes wrong is logged. */
  tell<P extends Telling>(point: P, event: EventOf<P>, auth: AuthContext): Promise<void>
  /** The fields as every plugin has checked and completed them. */
  userFieldsChosen(event: { fields: Draft; user: User | null }, auth: AuthContext): Promise<Draft>
  /** What the plugins want to be held together. */
  userLeaving(user: User, auth: AuthContext): Promise<HeldRows[]>
  /** Of the first plugin that has its own way to ask for proof of an address. */
  verificationAsked?(user: User, auth: AuthContext): Promise<void>
  /** The way that the first plugin which has one sends a browser to a provider. */
  providerLeaving(
    event: { provider: OAuthProvider; flow: StartedFlow },
    auth: AuthContext,
  ): Promise<{ state: string; redirectURI: string } | undefined>
  /** Where the first plugin that wants to sends a browser which comes back from a provider. */
  providerReturned(
    event: { answer: CallbackAnswer; rules: CallbackRules },
    auth: AuthContext,
  ): Promise<{ url: string } | undefined>
  /** The first token that a plugin finds on the request. */
  sessionToken(auth: RequestContext): string | undefined
  /** The first session that a plugin makes for a request without one. */
  sessionMissing(auth: AuthContext): Promise<SessionData | null>
  /** Of the first plugin that knows; `undefined` where none does. */
  membershipAsked(question: MembershipQuestion, auth: AuthContext): Promise<MembershipAnswer | undefined>
  sessionSent(data: SessionData, auth: AuthContext): void
  sessionForgotten(auth: AuthContext): void
  sessionsListing(sessions: readonly Session[], auth: AuthContext): Promise<readonly Session[]>
  /** Whether any plugin says so. */
  isSessionFixed(session: Session): boolean
  /**
   * Whether any plugin says so; nobody does where no plugin knows administrators. Give it a session that was read from where
   * it is stored.
   * @throws what plugins refuse administrators with, such as STEP_UP_REQUIRED
   */
  administers(current: SessionData, auth: AuthContext): Promise<boolean>
  /** Whether any plugin says so, of what is in the database. */
  hasSecondFactor(event: { userId: string }, auth: AuthContext): Promise<boolean>
  hasPhishingResistantFactor(event: { userId: string }, auth: AuthContext): Promise<boolean>
  /** The latest that any plugin knows of; `null` for a session that no second factor was proved for. */
  secondFactorAt(current: SessionData): Date | null
}
