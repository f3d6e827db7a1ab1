import { z } from 'zod'
import {
  CORE_MODELS,
  type Fields,
  inputShape,
  outputSchema,
  RATE_LIMIT_MODEL,
  requiredInput,
  resolveFullSchema,
} from '../entities/index.ts'
import type { OpenApiDocument } from '../openapi/index.ts'
import {
  type EmailPasswordRouter,
  type EmailPasswordServerRouter,
  emailAndPassword,
} from '../routers/email-password/index.ts'
import { type EmailVerificationRouter, emailVerification } from '../routers/email-verification/index.ts'
import { reference } from '../routers/open-api/index.ts'
import { type SessionRouter, session } from '../routers/session/index.ts'
import { type SocialRouter, type SocialServerRouter, social } from '../routers/social/index.ts'
import { type SystemRouter, system } from '../routers/system/index.ts'
import { type UserRouter, user } from '../routers/user/index.ts'
import { type MikroOrmEntities, sqlEntities } from './adapters/mikro-orm/entities.ts'
import type { CallerOf, InstanceTypes, RouterOf, SessionOf, UserOf } from './auth.ts'
import type { AuthHandle } from './auth-handle.ts'
import type { KerniaContext, RequestSource } from './context.ts'
import type { AuthEventSource } from './events.ts'
import { type Connection, incomingOf } from './incoming.ts'
import { createRouters } from './instance-routers.ts'
import { createDocuments } from './integrations/documents.ts'
import { asResponse, createRequestHandler } from './integrations/fetch.ts'
import { type ContextOptions, createTrpcContext, type HeadersContextOptions } from './integrations/trpc.ts'
import { createKernel } from './kernel.ts'
import { type KerniaOptions, resolveOptions, type SessionOptions, type UserOptions } from './options/index.ts'
import { type AnyPlugin, assertPluginsFit, type InstanceSchemas } from './plugin.ts'
import { createRequestContext } from './request.ts'
import { requiredSession, sessionOfRequest } from './request-session.ts'
import { assertAskable, type StepUp } from './step-up.ts'

// Both fill the branch `signIn`, which an interface takes from one place only.
type SignInRouters = EmailPasswordRouter & SocialRouter

/** The procedures every instance has. */
export interface CoreRouter extends SystemRouter, SessionRouter, UserRouter, EmailVerificationRouter, SignInRouters {}

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
  caller(
    options?: HeadersContextOptions,
  ): CallerOf<CoreRouter & EmailPasswordServerRouter & SocialServerRouter, Types<P, U, S>>
  /** Session and user of a request, by its headers. */
  getSession(headers: Headers | Record<string, string>): Promise<CurrentSession<P, U, S> | null>
  /**
   * The same for a place of the application's own that needs one, such as a procedure of a host: `source` is what
   * `createContext` takes or has made. With `asked` it is one that was signed in for lately (`maxAge`, in seconds) or with
   * a second factor, which no cookie cache answers.
   * @throws UNAUTHORIZED without one; STEP_UP_REQUIRED, with the challenge of RFC 9470 among the response's headers
   */
  requireSession(source: ContextOptions | KerniaContext, asked?: StepUp): Promise<CurrentSession<P, U, S>>
  openApiDocument(): OpenApiDocument
  /** MikroORM entities (`EntitySchema`) by model name, for an application that brings its own `MikroORM`. */
  readonly entities: MikroOrmEntities
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
  for (const plugin of plugins) plugin.assertFits?.(options, plugins)
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
  const { served: router, callable, methods } = createRouters(plugins, schemas)
  const kernel = createKernel({ options, plugins, schema, schemas, router: callable, methods })
  const documents = createDocuments(kernel, router)
  const answer = createRequestHandler(kernel, router, { plugins, documents })
  const createContext = (source: ContextOptions) => createTrpcContext(kernel, source)
  const readSession = (source: RequestSource, asked?: StepUp) => {
    // Only here is it known which plugins there are.
    if (asked) assertAskable('requireStepUp', asked, plugins)
    return sessionOfRequest(createRequestContext(kernel, source), schemas, asked)
  }
  let entities: MikroOrmEntities | undefined
  const auth = {
    context: kernel,
    router,
    handler: async (request: Request, connection?: Connection) =>
      asResponse(await answer(incomingOf(request, connection))),
    answer,
    createContext,
    readSession,
    caller: (source: HeadersContextOptions = { headers: {} }) => callable.createCaller(createContext(source)),
    getSession: (headers: Headers | Record<string, string>) =>
      readSession({ headers: new Headers(headers), isStreamed: true, sendHeader: () => undefined }),
    requireSession: async (source: ContextOptions | KerniaContext, asked: StepUp = {}) => {
      assertAskable('requireSession', asked, plugins)
      return requiredSession(('auth' in source ? source : createContext(source)).auth, schemas, asked)
    },
    openApiDocument: () => JSON.parse(documents()) as OpenApiDocument,
    get entities() {
      entities ??= sqlEntities(schema)
      return entities
    },
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
  const builtIn = [system(), session(), user(), emailVerification(), passwords, social(), reference()]
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
    account: outputSchema('Account', visibleAccountFields(fieldsOf('account'))),
    userInput: inputShape(fieldsOf('user')),
    requiredUserInput: requiredInput(fieldsOf('user')),
    sessionInput: inputShape(fieldsOf('session')),
    // The challenges are known at run time only; their type is in the instance's.
    orChallenge: answer =>
      (challenges.length > 0 ? z.union([answer, ...challenges]) : answer) as unknown as z.ZodType<never, never>,
  }
}

/** Which scopes the tokens have is shown as a list; what else is about tokens stays here. */
function visibleAccountFields(fields: Fields): Fields {
  const { scope: _scope, accessTokenExpiresAt: _end, refreshTokenExpiresAt: _last, ...visible } = fields
  return { ...visible, scopes: { type: 'string[]' } }
}
