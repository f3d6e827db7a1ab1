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
export { AuthError, type AuthErrorData, defineErrors, type ErrorDefinition, formatError } from './errors.ts'
export { type Auth, type CoreRouter, type InitOptions, init } from './init.ts'
export type { Logger } from './logger.ts'
export type { Access, ProcedureDeclaration, ProcedureMeta, RestLine } from './meta.ts'
export type { EmailAndPasswordOptions, KerniaOptions, RateLimitOptions, SessionOptions } from './options/index.ts'
export { type AnyPlugin, definePlugin, type Plugin, type ProcedureBuilder } from './plugin.ts'
export { memoryRateLimitStore, type RateLimitStore, type RateLimitVerdict } from './rate-limit.ts'
export { type CompleteStorage, completeStorage, type SecondaryStorage } from './storage/contract.ts'
export { memoryStorage } from './storage/memory.ts'
export { type RedisStorageOptions, redisStorage } from './storage/redis.ts'
export { VERSION } from './version.ts'
