import type { AdapterMethods, Database } from '../adapters/contract.ts'
import type { ErrorDialect } from '../errors.ts'
import { createLogger, type Logger, type LoggerOptions } from '../logger.ts'
import type { SocialProviders } from '../oauth/providers/index.ts'
import type { TrustedOrigins } from '../origin.ts'
import type { SecondaryStorage } from '../storage/contract.ts'
import { type AccountOptions, resolveAccount } from './account.ts'
import { type AdvancedOptions, resolveAdvanced } from './advanced.ts'
import type { APIErrorOptions } from './api-error.ts'
import { type BaseURLOptions, resolveBaseURL } from './base-url.ts'
import type { DatabaseHooks } from './database-hooks.ts'
import { type EmailAndPasswordOptions, resolveEmailAndPassword } from './email-and-password.ts'
import { type EmailVerificationOptions, resolveEmailVerification } from './email-verification.ts'
import type { HookOptions } from './hooks.ts'
import { type RateLimitOptions, resolveRateLimit } from './rate-limit.ts'
import { resolveSecrets, type SecretOptions } from './secrets.ts'
import { resolveSession, type SessionOptions } from './session.ts'
import { resolveUser, type UserOptions } from './user.ts'
import type { VerificationOptions } from './verification.ts'

export type { AccountLinkingOptions, AccountOptions } from './account.ts'
export type { AdvancedOptions } from './advanced.ts'
export type { DatabaseHook, DatabaseHooks, ModelHooks } from './database-hooks.ts'
export type { EmailAndPasswordOptions } from './email-and-password.ts'
export type { EmailVerificationOptions } from './email-verification.ts'
export type { CallHook, HookContext, HookOptions } from './hooks.ts'
export type { RateLimitOptions } from './rate-limit.ts'
export type { SessionOptions } from './session.ts'
export type { UserOptions } from './user.ts'

/** What `init` takes. Names are Better Auth's where it has the option. */
export interface KerniaOptions extends BaseURLOptions, SecretOptions {
  /** Shown in mails and authenticator apps. Default `Kernia`. */
  appName?: string
  /** Holds sessions, single-use secrets and rate limits instead of the database, shared by all processes. */
  secondaryStorage?: SecondaryStorage
  /** Default: the SQLite file `kernia.db`. */
  database?: Database<AdapterMethods>
  /**
   * Origins besides `baseURL`'s own that may call with cookies and be redirected to; `*` matches within a host. A function
   * is asked for each request, and once at the start without one. Those of KERNIA_TRUSTED_ORIGINS are added, which
   * commas separate.
   */
  trustedOrigins?: readonly string[] | ((request?: Request) => TrustedOrigins | Promise<TrustedOrigins>)
  emailAndPassword?: EmailAndPasswordOptions
  emailVerification?: EmailVerificationOptions
  /** Features, in the order in which their hooks run. */
  plugins?: readonly { id: string }[]
  user?: UserOptions
  session?: SessionOptions
  account?: AccountOptions
  /** Other sites to sign in with, by id: see docs/social-providers.md. Options, or a function that gets them. */
  socialProviders?: SocialProviders
  verification?: VerificationOptions
  rateLimit?: RateLimitOptions
  /** REST paths, such as `/sign-up/email`, whose procedures are switched off, whichever way they are called. */
  disabledPaths?: readonly string[]
  advanced?: AdvancedOptions
  onAPIError?: APIErrorOptions
  /** Take part in every write of a model, whichever way it comes about. */
  databaseHooks?: DatabaseHooks
  /** Take part in every call. */
  hooks?: HookOptions
  /** A logger, or which levels go where; default: errors and warnings to standard error. Secrets are taken out before. */
  logger?: Logger | LoggerOptions
  /** `errors: 'better-auth'` answers with Better Auth's own codes where Kernia's differ. */
  compat?: {
    /** Whose error codes and statuses. Default `kernia`. */
    errors?: ErrorDialect
  }
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
  const logger = createLogger(options.logger)
  const { origin, basePath, hosts } = resolveBaseURL(options, env, isProduction)
  const { trustedOrigins = [] } = options
  // What one request could change would hold for all that follow.
  return Object.freeze({
    ...options,
    isProduction,
    logger,
    appName: options.appName ?? 'Kernia',
    origin,
    basePath,
    hosts,
    /** Public address of the routes: origin and path. With several hosts each request has its own. */
    baseURL: origin + basePath,
    /** Newest first; at least one. */
    secrets: resolveSecrets({ ...options, logger }, env, isProduction),
    // Copied: what the application does to its list later changes nothing here.
    trustedOrigins: typeof trustedOrigins === 'function' ? trustedOrigins : Object.freeze([...trustedOrigins]),
    moreTrustedOrigins: originsOfEnvironment(env),
    emailAndPassword: resolveEmailAndPassword(options.emailAndPassword),
    emailVerification: resolveEmailVerification(options.emailVerification),
    user: resolveUser(options.user),
    session: resolveSession(options.session),
    account: resolveAccount(options.account),
    rateLimit: resolveRateLimit(options.rateLimit, { isProduction, hasSecondary: Boolean(options.secondaryStorage) }),
    advanced: resolveAdvanced(options.advanced),
    dialect: options.compat?.errors ?? ('kernia' as ErrorDialect),
    storeIdentifier: options.verification?.storeIdentifier ?? ('hashed' as const),
  })
}

/** Those of our variable and of Better Auth's, both being lists with commas. */
function originsOfEnvironment({ KERNIA_TRUSTED_ORIGINS, BETTER_AUTH_TRUSTED_ORIGINS }: NodeJS.ProcessEnv) {
  const given = `${KERNIA_TRUSTED_ORIGINS ?? ''},${BETTER_AUTH_TRUSTED_ORIGINS ?? ''}`.split(',')
  return Object.freeze(given.map(origin => origin.trim()).filter(Boolean))
}
