import type { Fields, ModelOverride, User } from '../entities/index.ts'
import type { AdapterMethods, Database } from './adapters/contract.ts'
import { type CookieAttributes, LONGEST_MAX_AGE } from './cookies.ts'
import type { Argon2Options } from './crypto/password.ts'
import type { ErrorDialect } from './errors.ts'
import type { Logger } from './logger.ts'
import type { RateLimit } from './meta.ts'
import type { RateLimitStore } from './rate-limit.ts'
import type { SecondaryStorage } from './storage/contract.ts'

/** Tables and columns of one core model, and fields of the application's own. */
export interface ModelOptions<F extends Fields = Fields> extends ModelOverride {
  additionalFields?: F
}

export interface EmailAndPasswordOptions {
  /** Default false; `plugins: [emailAndPassword()]` turns it on too. */
  enabled?: boolean
  disableSignUp?: boolean
  /** Refuse to sign in, and do not sign in at sign-up, until the address is proven. Default false. */
  requireEmailVerification?: boolean
  /** In UTF-16 units; default 8. */
  minPasswordLength?: number
  /** In UTF-16 units; default 128. */
  maxPasswordLength?: number
  /** Sign in at sign-up. Default true. */
  autoSignIn?: boolean
  /** Delivers the reset link. Without it, password reset is off. It runs after the response, so it tells nothing by its time. */
  sendResetPassword?: (mail: { user: User; url: string; token: string }, request?: Request) => Promise<void> | void
  /** Seconds; default 3600. */
  resetPasswordTokenExpiresIn?: number
  onPasswordReset?: (event: { user: User }, request?: Request) => Promise<void> | void
  /** Default false. */
  revokeSessionsOnPasswordReset?: boolean
  password?: {
    hash?: (password: string) => Promise<string>
    verify?: (input: { password: string; hash: string }) => Promise<boolean>
    /** Cost of the built-in hash; default m=65536, t=3, p=4. */
    argon2?: Argon2Options
    /** Hashes computed at once; default 4, the size of Node's thread pool. */
    concurrency?: number
  }
}

export interface SessionOptions<F extends Fields = Fields> extends ModelOptions<F> {
  /** Life of a session in seconds; default 604,800 (7 days). */
  expiresIn?: number
  /** A session in use is extended at most once in this many seconds; default 86,400 (1 day). */
  updateAge?: number
  /** Seconds after sign-in during which a session is fresh; default 86,400; 0 means always. */
  freshAge?: number
  disableSessionRefresh?: boolean
  /** With secondary storage: keep sessions in the database too, and read there what the storage has lost. Default false. */
  storeSessionInDatabase?: boolean
  /** Reading never writes: `GET /get-session` tells `needsRefresh`, and `POST /get-session` extends. Default false. */
  deferSessionRefresh?: boolean
}

type CustomRule =
  | RateLimit
  | false
  | ((request: Request | undefined, current: RateLimit) => RateLimit | false | Promise<RateLimit | false>)

export interface RateLimitOptions {
  /** Default: true in production. */
  enabled?: boolean
  /** Seconds; default 10. */
  window?: number
  /** Calls in a window; default 100. */
  max?: number
  /** By REST path, `*` matching within a segment and `**` beyond; `false` means no limit. */
  customRules?: Record<string, CustomRule | undefined>
  /** Where counters are kept; default this process's memory. */
  customStorage?: RateLimitStore
}

export interface AdvancedOptions {
  ipAddress?: {
    /** Headers that your proxy sets and overwrites, tried in order. Default none: only the socket's address counts. */
    ipAddressHeaders?: readonly string[]
    disableIpTracking?: boolean
  }
  /** Default: true when `baseURL` is https. */
  useSecureCookies?: boolean
  disableCSRFCheck?: boolean
  disableOriginCheck?: boolean
  crossSubDomainCookies?: { enabled: boolean; domain?: string }
  /** Name and attributes of single cookies, by key: `session_token`, `dont_remember`, ... */
  cookies?: Record<string, { name?: string; attributes?: Partial<CookieAttributes> } | undefined>
  defaultCookieAttributes?: Partial<CookieAttributes>
  /** Default `better-auth`, the name official clients know. */
  cookiePrefix?: string
  /** `/ok/` is `/ok`. Default false: a trailing slash is another path, and unknown. */
  skipTrailingSlashes?: boolean
  /** Keeps the process alive for work that goes on after the response, such as `waitUntil` of a serverless host. */
  backgroundTasks?: { handler: (task: Promise<unknown>) => void }
  /**
   * Ids of new rows: 32 random characters (default), `uuid` (version 7, so that they sort by time), `serial`
   * (numbers that the database counts, not on MongoDB), or a function.
   */
  database?: { generateId?: 'uuid' | 'serial' | ((input: { model: string }) => string) }
}

/** What `init` takes. Names are Better Auth's where it has the option. */
export interface KerniaOptions {
  /** Shown in mails and authenticator apps. Default `Kernia`. */
  appName?: string
  /** Public address, with or without the path. Default `KERNIA_BASE_URL`; required in production. */
  baseURL?: string
  /** Where the routes are mounted. Default `/api/auth`. */
  basePath?: string
  /** Signs cookies. Default `KERNIA_SECRET`; required in production. */
  secret?: string
  /** Holds sessions, single-use secrets and rate limits instead of the database, shared by all processes. */
  secondaryStorage?: SecondaryStorage
  /** Default: the SQLite file `kernia.db`. */
  database?: Database<AdapterMethods>
  /** Origins besides `baseURL`'s own that may call with cookies and be redirected to; `*` matches within a host. */
  trustedOrigins?: readonly string[] | ((request?: Request) => readonly string[] | Promise<readonly string[]>)
  emailAndPassword?: EmailAndPasswordOptions
  /** Features, in the order in which their hooks run. */
  plugins?: readonly { id: string }[]
  user?: ModelOptions
  session?: SessionOptions
  account?: ModelOptions
  verification?: ModelOptions & {
    /** How single-use secrets are stored; default `hashed`. */ storeIdentifier?: 'hashed' | 'plain'
    /** With secondary storage: keep single-use secrets in the database all the same. Default false. */
    storeInDatabase?: boolean
  }
  rateLimit?: RateLimitOptions
  /** REST paths, such as `/sign-up/email`, whose procedures are switched off, whichever way they are called. */
  disabledPaths?: readonly string[]
  advanced?: AdvancedOptions
  onAPIError?: {
    /** Where browsers are sent with `?error=CODE`, instead of to the built-in page. */
    errorURL?: string
    onError?: (error: unknown) => void
  }
  logger?: Logger
  /** `errors: 'better-auth'` answers with Better Auth's own codes where Kernia's differ. */
  compat?: { errors?: ErrorDialect }
  /** The time; for tests that move it. */
  clock?: () => Date
}

const DAY = 86_400

/** Options with every default filled in. */
export type ResolvedOptions = ReturnType<typeof resolveOptions>

/**
 * Checks options and fills in defaults.
 * @throws when something that is required in production is missing, or a value makes no sense
 */
export function resolveOptions(options: KerniaOptions, env: NodeJS.ProcessEnv = process.env) {
  const isProduction = env.NODE_ENV === 'production'
  const { origin, basePath } = resolveBaseURL(options, env, isProduction)
  const { emailAndPassword = {}, session = {}, rateLimit = {}, advanced = {} } = options
  return {
    ...options,
    isProduction,
    appName: options.appName ?? 'Kernia',
    origin,
    basePath,
    /** Public address of the routes: origin and path. */
    baseURL: origin + basePath,
    secret: resolveSecret(options, env, isProduction),
    trustedOrigins: options.trustedOrigins ?? [],
    emailAndPassword: {
      ...emailAndPassword,
      enabled: emailAndPassword.enabled ?? false,
      ...passwordLimits(emailAndPassword),
      autoSignIn: emailAndPassword.autoSignIn ?? true,
    },
    session: {
      ...session,
      expiresIn: positive('session.expiresIn', session.expiresIn ?? 7 * DAY, LONGEST_MAX_AGE),
      updateAge: notNegative('session.updateAge', session.updateAge ?? DAY),
      freshAge: notNegative('session.freshAge', session.freshAge ?? DAY),
    },
    rateLimit: {
      ...rateLimit,
      enabled: rateLimit.enabled ?? isProduction,
      window: positive('rateLimit.window', rateLimit.window ?? 10),
      max: positive('rateLimit.max', rateLimit.max ?? 100),
    },
    advanced: {
      ...advanced,
      useSecureCookies: advanced.useSecureCookies ?? origin.startsWith('https://'),
      cookiePrefix: advanced.cookiePrefix ?? 'better-auth',
    },
    dialect: options.compat?.errors ?? ('kernia' as ErrorDialect),
    storeIdentifier: options.verification?.storeIdentifier ?? ('hashed' as const),
  }
}

function resolveBaseURL({ baseURL, basePath }: KerniaOptions, env: NodeJS.ProcessEnv, isProduction: boolean) {
  const given = baseURL ?? env.KERNIA_BASE_URL ?? env.BETTER_AUTH_URL
  if (!given && isProduction) throw new Error('init: set `baseURL` or KERNIA_BASE_URL; it is required in production')
  const url = URL.canParse(given ?? '') ? new URL(given as string) : undefined
  if (given && !/^https?:$/.test(url?.protocol ?? ''))
    throw new Error(`init: baseURL "${given}" is not an http(s) address`)
  const path = url && url.pathname !== '/' ? url.pathname : (basePath ?? '/api/auth')
  if (!path.startsWith('/')) throw new Error(`init: basePath "${path}" must start with "/"`)
  return { origin: url?.origin ?? 'http://localhost:3000', basePath: path.replace(/\/+$/, '') }
}

function resolveSecret({ secret, logger }: KerniaOptions, env: NodeJS.ProcessEnv, isProduction: boolean): string {
  const given = secret ?? env.KERNIA_SECRET ?? env.BETTER_AUTH_SECRET ?? env.AUTH_SECRET
  if (given) {
    if (isProduction && given.length < 32) throw new Error('init: the secret is too short; use `kernia secret`')
    return given
  }
  if (isProduction) throw new Error('init: set `secret` or KERNIA_SECRET; it is required in production')
  // Never a constant: a well-known secret that slips into production would let anyone forge a session.
  logger?.warn?.('no secret is set: a random one is used, and sessions end with this process')
  return crypto.randomUUID() + crypto.randomUUID()
}

function passwordLimits({
  minPasswordLength = 8,
  maxPasswordLength = 128,
  resetPasswordTokenExpiresIn = 3600,
  password,
}: EmailAndPasswordOptions) {
  const name = (option: string) => `emailAndPassword.${option}`
  // With none at once nothing would ever be hashed.
  positive(name('password.concurrency'), password?.concurrency ?? 1)
  positive(name('minPasswordLength'), minPasswordLength)
  if (!(maxPasswordLength >= minPasswordLength))
    throw new Error(`init: ${name('maxPasswordLength')} is below the minimum`)
  positive(name('resetPasswordTokenExpiresIn'), resetPasswordTokenExpiresIn)
  return { minPasswordLength, maxPasswordLength, resetPasswordTokenExpiresIn }
}

function positive(name: string, value: number, most = Number.MAX_VALUE): number {
  if (!Number.isFinite(value) || value <= 0) throw new Error(`init: ${name} must be a positive number`)
  if (value > most) throw new Error(`init: ${name} must be at most ${most}`)
  return value
}

function notNegative(name: string, value: number): number {
  if (!Number.isFinite(value) || value < 0) throw new Error(`init: ${name} must not be negative`)
  return value
}
