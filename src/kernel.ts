import type { AnyRouter } from '@trpc/server'
import type { resolveFullSchema } from '../entities/index.ts'
import { completeAdapter } from './adapters/complete.ts'
import type { Adapter } from './adapters/contract.ts'
import { decorateAdapter } from './adapters/decorate.ts'
import { mikroOrmAdapter } from './adapters/mikro-orm/index.ts'
import { transformRows } from './adapters/transform.ts'
import { createAddressResolver } from './client-address.ts'
import type { AuthContext, Kernel } from './context.ts'
import { createCookieCache } from './cookie-cache/index.ts'
import { defineCookie } from './cookies.ts'
import { createKeyring } from './crypto/keyring.ts'
import { createPasswordHasher, DEFAULT_QUEUE, type PasswordHasher } from './crypto/password.ts'
import { randomString, uuidV7 } from './crypto/random.ts'
import { createCurrentCall } from './current-call.ts'
import { createEventBus } from './events.ts'
import { createSecretSweeper } from './expired-secrets.ts'
import { hookContextOf } from './hook-context.ts'
import { createHookRunner } from './hooks.ts'
import { listProcedures, type ProcedureMeta, type ProcedureRecord } from './meta.ts'
import { createInstanceProviders } from './oauth/instance-providers.ts'
import { createTokenEncryption } from './oauth/token-encryption.ts'
import { observeSessions } from './observed-sessions.ts'
import type { ResolvedOptions } from './options/index.ts'
import { createOutboundFetch } from './options/outbound.ts'
import type { AnyPlugin, InstanceSchemas } from './plugin.ts'
import { longestWindow } from './rate-limit/rules.ts'
import { createRateLimitStores } from './rate-limit/store.ts'
import { secondarySessions } from './secondary-sessions.ts'
import { databaseSessions } from './session-store.ts'
import { askAtStart } from './start-origins.ts'
import { type CompleteStorage, completeStorage } from './storage/contract.ts'
import { createTraceCall } from './tracing.ts'
import { createUnitOfWork } from './unit-of-work.ts'
import { createWrites, observeWrites } from './writes.ts'

/**
 * Puts the parts of an instance together. What needs another part is given it here, and reaches for nothing else.
 */
export function createKernel({
  options,
  plugins,
  schema,
  schemas,
  router,
  methods,
}: {
  options: ResolvedOptions
  plugins: AnyPlugin[]
  schema: ReturnType<typeof resolveFullSchema>
  schemas: InstanceSchemas
  router: AnyRouter
  methods: Kernel['methods']
}): Kernel {
  const log = options.logger
  const stored = connectDatabase(options, schema)
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
  const procedures = proceduresByMeta(router)
  const keys = createKeyring(options.secrets)
  const storage = options.secondaryStorage && completeStorage(options.secondaryStorage)
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
    ...createSessionStores(options, {
      adapter,
      writes,
      storage,
      schema,
      schemas,
      unitOfWork,
      now,
      secrets: keys.secrets,
    }),
    sweepSecrets: options.verification?.disableCleanup
      ? () => undefined
      : createSecretSweeper({ adapter: stored, now, background }),
    verificationStorage: options.verification?.storeInDatabase ? undefined : storage,
    hasher: passwordHasher(options),
    keys,
    ...createProviderParts(options, { plugins, keys, now }),
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
    methods,
  }
}

function proceduresByMeta(router: AnyRouter): Kernel['procedures'] {
  return new Map(listProcedures(router).map((record): [ProcedureMeta, ProcedureRecord] => [record.meta, record]))
}

function connectDatabase(
  { database = mikroOrmAdapter(), advanced }: ResolvedOptions,
  schema: Kernel['schema'],
): Adapter {
  const adapter = completeAdapter(database.connect(schema))
  const { defaultFindManyLimit: limit } = advanced.database ?? {}
  if (limit === undefined) return adapter
  return decorateAdapter(adapter, { findMany: query => adapter.findMany({ limit, ...query }) })
}

/** Where sessions live: rows, secondary storage or both, with a cache in the client's cookie before them. */
function createSessionStores(
  { session: { storeSessionInDatabase, preserveSessionInDatabase: isPreserved, cookieCache: cache } }: ResolvedOptions,
  {
    storage,
    writes,
    secrets,
    schemas,
    ...parts
  }: Pick<Kernel, 'adapter' | 'schema' | 'unitOfWork' | 'now' | 'writes'> & {
    storage: CompleteStorage | undefined
    schemas: InstanceSchemas
    secrets: readonly string[]
  },
): Pick<Kernel, 'sessions' | 'cookieCache'> {
  const rows = databaseSessions(parts.adapter)
  const database = storeSessionInDatabase ? rows : undefined
  const secondary = storage && secondarySessions({ storage, database, isPreserved, ...parts })
  // Rows are observed where they are written; what never becomes a row, here.
  const observed = secondary && !database ? observeSessions(secondary, writes) : secondary
  const sessions = observed ?? rows
  const cookieCache = cache && createCookieCache({ options: cache, secrets, schemas, ...parts })
  return { sessions: cookieCache?.watch(sessions) ?? sessions, cookieCache }
}

/** What sign-in at other sites needs. */
function createProviderParts(
  options: ResolvedOptions,
  { plugins, keys, now }: Pick<Kernel, 'keys' | 'now'> & { plugins: readonly AnyPlugin[] },
): Pick<Kernel, 'fetch' | 'providers' | 'tokenEncryption'> {
  const { socialProviders = {}, account, advanced } = options
  const added = plugins.flatMap(({ oauthProviders }) => oauthProviders ?? [])
  return {
    fetch: createOutboundFetch(advanced.outbound, options),
    providers: createInstanceProviders(socialProviders, added, { now }),
    tokenEncryption: createTokenEncryption(keys, account.encryptOAuthTokens),
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
