import type { EntitySchema } from '@mikro-orm/core'
import type { AnyRouter } from '@trpc/server'
import { z } from 'zod'
import {
  CORE_MODELS,
  type Fields,
  inputShape,
  outputSchema,
  requiredInput,
  resolveFullSchema,
  toEntities,
} from '../entities/index.ts'
import type { OpenApiDocument } from '../openapi/index.ts'
import { type EmailPasswordRouter, emailAndPassword } from '../routers/email-password/index.ts'
import { type SessionRouter, session } from '../routers/session/index.ts'
import { type SystemRouter, system } from '../routers/system/index.ts'
import { type UserRouter, user } from '../routers/user/index.ts'
import { completeAdapter } from './adapters/complete.ts'
import { mikroOrmAdapter } from './adapters/mikro-orm/index.ts'
import type { CallerOf, InstanceTypes, RouterOf, SessionOf, UserOf } from './auth.ts'
import type { AuthHandle } from './auth-handle.ts'
import type { AuthContext, Kernel, KerniaContext, RequestSource } from './context.ts'
import { defineCookie } from './cookies.ts'
import { createKeyring } from './crypto/keyring.ts'
import { createPasswordHasher, type PasswordHasher } from './crypto/password.ts'
import { randomString, uuidV7 } from './crypto/random.ts'
import { createHookRunner } from './hooks.ts'
import { createFetchHandler, documentOf } from './integrations/fetch.ts'
import { type ContextOptions, createTrpcContext, type HeadersContextOptions } from './integrations/trpc.ts'
import { consoleLogger } from './logger.ts'
import { listProcedures, type ProcedureMeta, type ProcedureRecord } from './meta.ts'
import {
  type KerniaOptions,
  type ModelOptions,
  type ResolvedOptions,
  resolveOptions,
  type SessionOptions,
} from './options/index.ts'
import { type AnyPlugin, assertPluginsFit, type InstanceSchemas, mergeProcedures } from './plugin.ts'
import { memoryRateLimitStore, secondaryRateLimitStore } from './rate-limit.ts'
import { createRequestContext } from './request.ts'
import { secondarySessions } from './secondary-sessions.ts'
import { databaseSessions } from './session-store.ts'
import { currentSession } from './sessions.ts'
import { completeStorage } from './storage/contract.ts'
import { procedure, t } from './trpc.ts'
import { createUnitOfWork } from './unit-of-work.ts'

/** The procedures every instance has. */
export interface CoreRouter extends SystemRouter, SessionRouter, UserRouter, EmailPasswordRouter {}

/** `KerniaOptions` with the types of plugins and additional fields kept. */
export interface InitOptions<P extends readonly AnyPlugin[], U extends Fields, S extends Fields>
  extends Omit<KerniaOptions, 'plugins' | 'user' | 'session'> {
  plugins?: P
  user?: ModelOptions<U>
  session?: SessionOptions<S>
}

/** An auth instance. Its type grows with its plugins and the application's additional fields. */
export interface Auth<P extends readonly AnyPlugin[], U extends Fields, S extends Fields> extends AuthHandle {
  /** tRPC router of all procedures; nest it in your own app, or serve it alone. */
  readonly router: RouterOf<CoreRouter, Types<P, U, S>>
  /** Answers a fetch request under the base path, whichever way in it takes. */
  handler(request: Request, connection?: { socketAddress?: string }): Promise<Response>
  /** What a host application's `createContext` spreads into its own context. */
  createContext(options: ContextOptions): KerniaContext
  /**
   * Calls procedures within the process, on behalf of the request with these headers.
   * Cookies they set go to `resHeaders`.
   */
  caller(options?: HeadersContextOptions): CallerOf<CoreRouter, Types<P, U, S>>
  /** Session and user of a request, by its headers. */
  getSession(headers: Headers | Record<string, string>): Promise<CurrentSession<P, U, S> | null>
  openApiDocument(): OpenApiDocument
  /** MikroORM entities by model name, for an application that brings its own `MikroORM`. */
  readonly entities: Record<string, EntitySchema>
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
  const options = resolveOptions({ logger: consoleLogger, ...given, emailAndPassword: passwordOptions(given, plugins) })
  const overrides = {
    user: options.user,
    session: options.session,
    account: options.account,
    verification: options.verification,
  }
  const schema = resolveFullSchema(CORE_MODELS, plugins, overrides)
  const ids = options.advanced.database?.generateId === 'serial' ? 'serial' : 'text'
  for (const model of Object.values(schema)) model.ids = ids
  const builder = { procedure, schemas: instanceSchemas(schema, plugins) }
  const router = t.router(mergeProcedures(plugins.map(plugin => plugin.procedures?.(builder) ?? {})))
  const kernel = createKernel({ options, plugins, schema, router })
  const handler = createFetchHandler(kernel, router)
  const createContext = (source: ContextOptions) => createTrpcContext(kernel, source)
  const readSession = (source: RequestSource) => sessionOfRequest(kernel, source, builder.schemas)
  const auth = {
    context: kernel,
    router,
    handler,
    createContext,
    readSession,
    caller: (source: HeadersContextOptions = { headers: {} }) => router.createCaller(createContext(source)),
    getSession: (headers: Headers | Record<string, string>) =>
      readSession({ headers: new Headers(headers), isStreamed: true, sendHeader: () => undefined }),
    openApiDocument: () => documentOf(kernel, router),
    entities: toEntities(schema),
    createSchema: () => kernel.adapter.createSchema(),
    close: async () => {
      await kernel.adapter.close()
      await kernel.options.secondaryStorage?.close?.()
    },
  }
  // The value is put together from plugins known at run time; its type, from the same plugins at compile time.
  return auth as unknown as Auth<P, U, S>
}

function withBuiltIn(plugins: readonly AnyPlugin[]): AnyPlugin[] {
  const isGiven = (id: string) => plugins.some(plugin => plugin.id === id)
  const builtIn = [system(), session(), user(), { ...emailAndPassword(), emailAndPassword: undefined }]
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
  router,
}: {
  options: ResolvedOptions
  plugins: AnyPlugin[]
  schema: ReturnType<typeof resolveFullSchema>
  router: AnyRouter
}): Kernel {
  const log = options.logger ?? consoleLogger
  const adapter = completeAdapter((options.database ?? mikroOrmAdapter()).connect(schema))
  const unitOfWork = createUnitOfWork(adapter)
  const now = options.clock ?? (() => new Date())
  const storage = options.secondaryStorage && completeStorage(options.secondaryStorage)
  const rows = databaseSessions(adapter)
  const database = options.session.storeSessionInDatabase ? rows : undefined
  return {
    options,
    plugins,
    schema,
    adapter,
    log,
    unitOfWork,
    sessions: storage ? secondarySessions({ storage, schema, unitOfWork, now, database }) : rows,
    verificationStorage: options.verification?.storeInDatabase ? undefined : storage,
    hasher: passwordHasher(options),
    keys: createKeyring(options.secrets),
    hooks: createHookRunner(
      plugins.flatMap(({ hooks }) => hooks ?? []),
      log,
    ),
    hookErrors: plugins.flatMap(({ hookErrors }) => hookErrors ?? []),
    rateLimits:
      options.rateLimit.customStorage ?? (storage ? secondaryRateLimitStore(storage) : memoryRateLimitStore()),
    now,
    newId: idGenerator(options),
    // Within a transaction it would write into one that is over, and mail about what may be undone.
    background: task => void unitOfWork.afterCommit(async () => runInBackground(task, options, log)),
    cookies: cookieTable(options),
    procedures: new Map(
      listProcedures(router).map((record): [ProcedureMeta, ProcedureRecord] => [record.meta, record]),
    ),
  }
}

function cookieTable(options: ResolvedOptions): Kernel['cookies'] {
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
  const { hash, verify, argon2, concurrency } = password
  const builtIn = createPasswordHasher(argon2, concurrency)
  return {
    hash: hash ?? builtIn.hash,
    verify: verify ? (password, stored) => verify({ password, hash: stored }) : builtIn.verify,
    // What a custom hasher wrote is its own to judge.
    needsRehash: hash || verify ? () => false : builtIn.needsRehash,
  }
}

function runInBackground(task: () => Promise<unknown> | unknown, options: ResolvedOptions, log: Kernel['log']): void {
  const done = (async () => task())().catch(error => log.error('a background task failed', error))
  options.advanced.backgroundTasks?.handler(done)
}

/** The session of a request that calls no procedure, as clients may see it; what it sets is sent. */
async function sessionOfRequest(kernel: Kernel, source: RequestSource, schemas: InstanceSchemas) {
  const call: AuthContext = { ...createRequestContext(kernel, source), outgoing: [] }
  const found = await currentSession(call)
  for (const [name, value] of call.outgoing) source.sendHeader(name, value)
  return found && { session: schemas.session.parse(found.session), user: schemas.user.parse(found.user) }
}
