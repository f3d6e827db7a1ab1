import type { AdapterMethods, Database } from '../adapters/contract.ts'
import type { ErrorDialect } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { SecondaryStorage } from '../storage/contract.ts'
import { type AdvancedOptions, resolveAdvanced } from './advanced.ts'
import { type BaseURLOptions, resolveBaseURL } from './base-url.ts'
import { type EmailAndPasswordOptions, resolveEmailAndPassword } from './email-and-password.ts'
import type { ModelOptions } from './models.ts'
import { type RateLimitOptions, resolveRateLimit } from './rate-limit.ts'
import { resolveSecrets, type SecretOptions } from './secrets.ts'
import { resolveSession, type SessionOptions } from './session.ts'

export type { AdvancedOptions } from './advanced.ts'
export type { EmailAndPasswordOptions } from './email-and-password.ts'
export type { ModelOptions } from './models.ts'
export type { RateLimitOptions } from './rate-limit.ts'
export type { SessionOptions } from './session.ts'

/** What `init` takes. Names are Better Auth's where it has the option. */
export interface KerniaOptions extends BaseURLOptions, SecretOptions {
  /** Shown in mails and authenticator apps. Default `Kernia`. */
  appName?: string
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
    /** How single-use secrets are stored; default `hashed`. */
    storeIdentifier?: 'hashed' | 'plain'
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

/** Options with every default filled in. */
export type ResolvedOptions = ReturnType<typeof resolveOptions>

/**
 * Checks options and fills in defaults.
 * @throws when something that is required in production is missing, or a value makes no sense
 */
export function resolveOptions(options: KerniaOptions, env: NodeJS.ProcessEnv = process.env) {
  const isProduction = env.NODE_ENV === 'production'
  const { origin, basePath } = resolveBaseURL(options, env, isProduction)
  return {
    ...options,
    isProduction,
    appName: options.appName ?? 'Kernia',
    origin,
    basePath,
    /** Public address of the routes: origin and path. */
    baseURL: origin + basePath,
    /** Newest first; at least one. */
    secrets: resolveSecrets(options, env, isProduction),
    trustedOrigins: options.trustedOrigins ?? [],
    emailAndPassword: resolveEmailAndPassword(options.emailAndPassword),
    session: resolveSession(options.session),
    rateLimit: resolveRateLimit(options.rateLimit, isProduction),
    advanced: resolveAdvanced(options.advanced, origin),
    dialect: options.compat?.errors ?? ('kernia' as ErrorDialect),
    storeIdentifier: options.verification?.storeIdentifier ?? ('hashed' as const),
  }
}
