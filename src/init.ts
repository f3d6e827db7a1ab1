import type { EntitySchema } from '@mikro-orm/core'
import type { AnyRouter } from '@trpc/server'
import { z } from 'zod'
import {
  CORE_MODELS,
  type Fields,
  inputShape,
  outputSchema,
  RATE_LIMIT_MODEL,
  requiredInput,
  resolveFullSchema,
  toEntities,
} from '../entities/index.ts'
import type { OpenApiDocument } from '../openapi/index.ts'
import {
  type EmailPasswordRouter,
  type EmailPasswordServerRouter,
  emailAndPassword,
} from '../routers/email-password/index.ts'
import { type EmailVerificationRouter, emailVerification } from '../routers/email-verification/index.ts'
import { type SessionRouter, session } from '../routers/session/index.ts'
import { type SystemRouter, system } from '../routers/system/index.ts'
import { type UserRouter, user } from '../routers/user/index.ts'
import { completeAdapter } from './adapters/complete.ts'
import { mikroOrmAdapter } from './adapters/mikro-orm/index.ts'
import { transformRows } from './adapters/transform.ts'
import type { CallerOf, InstanceTypes, RouterOf, SessionOf, UserOf } from './auth.ts'
import type { AuthHandle } from './auth-handle.ts'
import { createAddressResolver } from './client-address.ts'
import type { AuthContext, Kernel, KerniaContext, RequestSource } from './context.ts'
import { createCookieCache } from './cookie-cache/index.ts'
import { defineCookie } from './cookies.ts'
import { createKeyring } from './crypto/keyring.ts'
import { createPasswordHasher, DEFAULT_QUEUE, type PasswordHasher } from './crypto/password.ts'
import { randomString, uuidV7 } from './crypto/random.ts'
import { createCurrentCall } from './current-call.ts'
import { type AuthEventSource, createEventBus } from './events.ts'
import { hookContextOf } from './hook-context.ts'
import { createHookRunner } from './hooks.ts'
import { createRouters } from './instance-routers.ts'
import { type Connection, createFetchHandler, documentOf } from './integrations/fetch.ts'
import { type ContextOptions, createTrpcContext, type HeadersContextOptions } from './integrations/trpc.ts'
import { listProcedures, type ProcedureMeta, type ProcedureRecord } from './meta.ts'
import { observeSessions } from './observed-sessions.ts'
import {
  type KerniaOptions,
  type ResolvedOptions,
  resolveOptions,
  type SessionOptions,
  type UserOptions,
} from './options/index.ts'
import { type AnyPlugin, assertPluginsFit, type InstanceSchemas } from './plugin.ts'
import { longestWindow } from './rate-limit/rules.ts'
import { createRateLimitStores } from './rate-limit/store.ts'
import { createRequestContext } from './request.ts'
import { finishCookies } from './response.ts'
import { secondarySessions } from './secondary-sessions.ts'
import { databaseSessions } from './session-store.ts'
import { currentSession } from './sessions.ts'
import { askAtStart } from './start-origins.ts'
import { type CompleteStorage, completeStorage } from './storage/contract.ts'
import { createTraceCall } from './tracing.ts'
import { createUnitOfWork } from './unit-of-work.ts'
import { createWrites, observeWrites } from './writes.ts'

/** The procedures every instance has. */
export interface CoreRouter
  extends SystemRouter,
    SessionRouter,
    UserRouter,
    EmailVerificationRouter,
    EmailPasswordRouter {}

/** `KerniaOptions` with the types of plugins and additional fields kept. */
export interface InitOptions<P extends readonly AnyPlugin[], U extends Fields, S extends Fields>
  extends Omit<KerniaOptions, 'plugins' | 'user' | 'session'> {
  plugins?: P
  user?: UserOptions<U>
  session?: SessionOptions<S>
}

/** An auth instance. Its type grows with its plugins and the application's additional fields. */
export interface Auth<P extends readonly AnyPlugin[], U extends Fields, S extends Fields> extends AuthHandle {
  /** tRPC router of all procedures; nest it in your own app, or serve it alone. */
  readonly router: RouterOf<CoreRouter, Types<P, U, S>>
  /** Answers a fetch request under the base path, whichever way in it takes. */
  handler(request: Request, connection?: Connection): Promise<Response>
  /** What a host application's `createContext` spreads into its own context. */
  createContext(options: ContextOptions): KerniaContext
  /**
   * Calls procedures within the process, on behalf of the request with these headers.
   * Cookies they set go to `resHeaders`.
   */
  caller(options?: HeadersContextOptions): CallerOf<CoreRouter & EmailPasswordServerRouter, Types<P, U, S>>
  /** Session and user of a request, by its headers. */
  getSession(headers: Headers | Record<string, string>): Promise<CurrentSession<P, U, S> | null>
  openApiDocument(): OpenApiDocument
  /** MikroORM entities by model name, for an application that brings its own `MikroORM`. */
  readonly entities: Record<string, EntitySchema>
  /** Tells what has happened, once it is committed. */
  readonly events: AuthEventSource
  /** Creates missing tables and columns. */
  createSchema(): Promise<void>
  close(): Promise<void>
  /** Types only: `typeof auth.$Infer.User`. */
  readonly $Infer: { User: UserOf<Types<P, U, S>>; Session: SessionOf<Types<P, U, S>> }
}

interface Types<P extends readonly AnyPlugin[], U extends Fields, S extends Fields> extends InstanceTypes {
  plugins: P
  userFields: U
  sessionFields: S
}

interface CurrentSession<P extends readonly AnyPlugin[], U extends Fields, S extends Fields> {
  session: SessionOf<Types<P, U, S>>
  user: UserOf<Types<P, U, S>>
}

/**
 * Puts an auth instance together: merges the plugins' tables and procedures, connects the database lazily,
 * and derives the ways in. Two instances in one process share nothing.
 * @throws on options that make no sense, plugins that do not fit, or what production requires and lacks
 */
export function init<
  const P extends readonly AnyPlugin[] = readonly [],
  const U extends Fields = Record<never, never>,
  const S extends Fields = Record<never, never>,
>(given: InitOptions<P, U, S>): Auth<P, U, S> {
  const plugins = withBuiltIn(given.plugins ?? [])
  assertPluginsFit(plugins)
  const options = resolveOptions({ ...given, emailAndPassword: passwordOptions(given, plugins) })
  const overrides = {
    user: options.user,
    session: options.session,
    account: options.account,
    verification: options.verification,
    rateLimit: options.rateLimit,
  }
  const core = options.rateLimit.storage === 'database' ? { ...CORE_MODELS, ...RATE_LIMIT_MODEL } : CORE_MODELS
  const schema = resolveFullSchema(core, plugins, overrides)
  const ids = options.advanced.database?.generateId === 'serial' ? 'serial' : 'text'
  for (const model of Object.values(schema)) model.ids = ids
  const schemas = instanceSchemas(schema, plugins)
  const { served: router, callable } = createRouters(plugins, schemas)
  const kernel = createKernel({ options, plugins, schema, schemas, router: callable })
  const handler = createFetchHandler(kernel, router)
  const createContext = (source: ContextOptions) => createTrpcContext(kernel, source)
  const readSession = (source: RequestSource) => sessionOfRequest(kernel, source, schemas)
  const auth = {
    context: kernel,
    router,
    handler,
    createContext,
    readSession,
    caller: (source: HeadersContextOptions = { headers: {} }) => callable.createCaller(createContext(source)),
    getSession: (headers: Headers | Record<string, string>) =>
      readSession({ headers: new Headers(headers), isStreamed: true, sendHeader: () => undefined }),
    openApiDocument: () => documentOf(kernel, router),
    entities: toEntities(schema),
    createSchema: () => kernel.adapter.createSchema(),
    events: { on: kernel.events.on } satisfies AuthEventSource,
    close: async () => {
      await kernel.events.settled()
      await kernel.adapter.close()
      await kernel.options.secondaryStorage?.close?.()
    },
  }
  // The value is put together from plugins known at run time; its type, from the same plugins at compile time.
  return auth as unknown as Auth<P, U, S>
}

function withBuiltIn(plugins: readonly AnyPlugin[]): AnyPlugin[] {
  const isGiven = (id: string) => plugins.some(plugin => plugin.id === id)
  const passwords = { ...emailAndPassword(), emailAndPassword: undefined }
  const builtIn = [system(), session(), user(), emailVerification(), passwords]
  return [...builtIn.filter(({ id }) => !isGiven(id)), ...plugins]
}

/** `plugins: [emailAndPassword(options)]` means `emailAndPassword: { enabled: true, ...options }`. */
function passwordOptions(
  given: { emailAndPassword?: KerniaOptions['emailAndPassword'] },
  plugins: readonly AnyPlugin[],
) {
  const fromPlugin = plugins.map(plugin => (plugin as { emailAndPassword?: object }).emailAndPassword)
  return Object.assign({}, given.emailAndPassword, ...fromPlugin)
}

function instanceSchemas(schema: ReturnType<typeof resolveFullSchema>, plugins: readonly AnyPlugin[]): InstanceSchemas {
  const fieldsOf = (model: string) => schema[model]?.fields ?? {}
  const challenges = plugins.flatMap(({ challenge }) => challenge ?? [])
  return {
    user: outputSchema('User', fieldsOf('user')),
    session: outputSchema('Session', fieldsOf('session')),
    userInput: inputShape(fieldsOf('user')),
    requiredUserInput: requiredInput(fieldsOf('user')),
    sessionInput: inputShape(fieldsOf('session')),
    // The challenges are known at run time only; their type is in the instance's.
    orChallenge: answer =>
      (challenges.length > 0 ? z.union([answer, ...challenges]) : answer) as unknown as z.ZodType<never, never>,
  }
}

function createKernel({
  options,
  plugins,
  schema,
  schemas,
  router,
}: {
  options: ResolvedOptions
  plugins: AnyPlugin[]
  schema: ReturnType<typeof resolveFullSchema>
  schemas: InstanceSchemas
  router: AnyRouter
}): Kernel {
  const log = options.logger
  const stored = completeAdapter((options.database ?? mikroOrmAdapter()).connect(schema))
  const unitOfWork = createUnitOfWork(stored)
  const currentCall = createCurrentCall<AuthContext>()
  const describeCall = () => {
    const call = currentCall.get()
    return call ? hookContextOf(call) : null
  }
  const events = createEventBus(unitOfWork, log)
  const writes = createWrites({ hooks: options.databaseHooks, events, unitOfWork, describeCall, log })
  const adapter = observeWrites(transformRows(stored, schema), writes)
  const now = options.clock ?? (() => new Date())
  const newId = idGenerator(options)
  // Within a transaction it would write into one that is over, and mail about what may be undone.
  const background: Kernel['background'] = task =>
    void unitOfWork.afterCommit(async () => runInBackground(task, options, log))
  const records = listProcedures(router)
  const procedures = new Map(records.map((record): [ProcedureMeta, ProcedureRecord] => [record.meta, record]))
  const keys = createKeyring(options.secrets)
  const storage = options.secondaryStorage && completeStorage(options.secondaryStorage)
  const rows = databaseSessions(adapter)
  const database = options.session.storeSessionInDatabase ? rows : undefined
  const isPreserved = options.session.preserveSessionInDatabase
  const secondary = storage && secondarySessions({ storage, schema, unitOfWork, now, database, isPreserved })
  // Rows are observed where they are written; what never becomes a row, here.
  const storedSessions = secondary && !database ? observeSessions(secondary, writes) : secondary
  const sessions = storedSessions ?? rows
  const { secrets } = keys
  const cookieCache =
    options.session.cookieCache &&
    createCookieCache({ options: options.session.cookieCache, secrets, schema, schemas, unitOfWork, now })
  return {
    options,
    plugins,
    schema,
    adapter,
    log,
    unitOfWork,
    events,
    writes,
    currentCall,
    traceCall: createTraceCall(),
    sessions: cookieCache?.watch(sessions) ?? sessions,
    cookieCache,
    verificationStorage: options.verification?.storeInDatabase ? undefined : storage,
    hasher: passwordHasher(options),
    keys,
    hooks: createHookRunner(
      plugins.flatMap(({ hooks }) => hooks ?? []),
      log,
    ),
    hookErrors: plugins.flatMap(({ hookErrors }) => hookErrors ?? []),
    ...createGuards(options, { secondary: storage, adapter: stored, newId, background, procedures }),
    now,
    newId,
    background,
    cookies: cookieTable(options),
    procedures,
  }
}

function cookieTable(options: ResolvedOptions): Kernel['cookies'] {
  // With several hosts there may be any number of origins, which are not worth remembering.
  if (options.hosts) return (key, origin) => defineCookie({ ...options, origin }, key)
  const known = new Map<string, ReturnType<typeof defineCookie>>()
  return key => {
    const definition = known.get(key) ?? defineCookie(options, key)
    known.set(key, definition)
    return definition
  }
}

function idGenerator({ advanced }: ResolvedOptions): Kernel['newId'] {
  const { generateId } = advanced.database ?? {}
  if (generateId === 'serial') return () => undefined
  if (generateId === 'uuid') return () => uuidV7()
  return model => generateId?.({ model }) ?? randomString(32)
}

function passwordHasher({ emailAndPassword: { password = {} } }: ResolvedOptions): PasswordHasher {
  const { hash, verify, argon2, concurrency, maxQueue } = password
  const builtIn = createPasswordHasher(argon2, { concurrency, maxQueue: maxQueue ?? DEFAULT_QUEUE })
  return {
    hash: hash ?? builtIn.hash,
    verify: verify ? (password, stored) => verify({ password, hash: stored }) : builtIn.verify,
    // What a custom hasher wrote is its own to judge.
    needsRehash: hash || verify ? () => false : builtIn.needsRehash,
  }
}

/** What stands before every call. */
function createGuards(
  options: ResolvedOptions,
  {
    procedures,
    ...parts
  }: Pick<Kernel, 'adapter' | 'newId' | 'background' | 'procedures'> & { secondary: CompleteStorage | undefined },
): Pick<Kernel, 'rateLimits' | 'attempts' | 'addresses' | 'startOrigins' | 'warnOnce'> {
  const { rateLimit, advanced, trustedOrigins, logger } = options
  return {
    ...createRateLimitStores(rateLimit, { ...parts, longestWindow: longestWindow(procedures.keys(), rateLimit) }),
    addresses: createAddressResolver(advanced.ipAddress),
    startOrigins: askAtStart(trustedOrigins, logger),
    warnOnce: warnOnce(logger),
  }
}

function warnOnce(log: Kernel['log']): Kernel['warnOnce'] {
  const given = new Set<string>()
  return message => {
    if (given.has(message)) return
    given.add(message)
    log.warn?.(message)
  }
}

function runInBackground(task: () => Promise<unknown> | unknown, options: ResolvedOptions, log: Kernel['log']): void {
  const done = (async () => task())().catch(error => log.error('a background task failed', error))
  options.advanced.backgroundTasks?.handler(done)
}

/** The session of a request that calls no procedure, as clients may see it; what it sets is sent. */
async function sessionOfRequest(kernel: Kernel, source: RequestSource, schemas: InstanceSchemas) {
  const call: AuthContext = { ...createRequestContext(kernel, source), outgoing: [], unfinished: new Map(), seen: {} }
  const found = await currentSession(call)
  await finishCookies(call)
  for (const [name, value] of call.outgoing) source.sendHeader(name, value)
  return found && { session: schemas.session.parse(found.session), user: schemas.user.parse(found.user) }
}
