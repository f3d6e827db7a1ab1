export {
  type Account,
  CORE_MODELS,
  type Field,
  type Fields,
  type FieldType,
  type Model,
  resolveFullSchema,
  type Schema,
  type SchemaContribution,
  type Session,
  type User,
  type Verification,
} from '../entities/index.ts'
export { type EmailAndPasswordPlugin, emailAndPassword } from '../routers/email-password/index.ts'
export * from './adapters/contract.ts'
export { memoryAdapter } from './adapters/memory/index.ts'
export { mikroOrmAdapter } from './adapters/mikro-orm/index.ts'
export type {
  AuthContext,
  Challenge,
  Draft,
  Hooks,
  Kernel,
  KerniaContext,
  RequestContext,
  SessionData,
  SignedInContext,
} from './context.ts'
export { hashPassword, needsRehash, type PasswordHasher, verifyPassword } from './crypto/password.ts'
export {
  AuthError,
  type AuthErrorData,
  type AuthErrorShape,
  defineErrors,
  type ErrorDefinition,
  formatError,
} from './errors.ts'
export type { AuthEventSource, AuthEvents, EventListener, EventName } from './events.ts'
export { type Auth, type CoreRouter, type InitOptions, init } from './init.ts'
export type { Logger, LoggerOptions, LogLevel } from './logger.ts'
export type { Access, ProcedureDeclaration, ProcedureMeta, RestLine, SecondFactorPolicy } from './meta.ts'
export type {
  AccountLinkingOptions,
  AccountOptions,
  CallHook,
  DatabaseHook,
  DatabaseHooks,
  EmailAndPasswordOptions,
  EmailVerificationOptions,
  HookContext,
  HookOptions,
  KerniaOptions,
  ModelHooks,
  RateLimitOptions,
  SessionOptions,
  UserOptions,
} from './options/index.ts'
export type { Page, Pages, PageVisit } from './pages.ts'
export {
  type AnyPlugin,
  definePlugin,
  type Plugin,
  type ProcedureBuilder,
  type ServerProcedureBuilder,
} from './plugin.ts'
export type {
  CustomRateLimitStorage,
  RateLimitCounter,
  RateLimitStore,
  RateLimitVerdict,
} from './rate-limit/contract.ts'
export { memoryRateLimitStore } from './rate-limit/memory.ts'
export type { StepUp } from './step-up.ts'
export { type CompleteStorage, completeStorage, type SecondaryStorage } from './storage/contract.ts'
export { memoryStorage } from './storage/memory.ts'
export { type RedisStorageOptions, redisStorage } from './storage/redis.ts'
export { VERSION } from './version.ts'
