import type { ADMIN_CONFIG_MODELS } from '../../entities/admin-config.ts'
import type { SessionData } from '../../src/context.ts'
import type { SchemaNames } from '../../src/plugin-schema.ts'

export interface AdminConfigOptions {
  /**
   * Who reads and changes the configuration. Default: whom a plugin knows as administrators of the instance, such as
   * `admin`; without one nobody.
   */
  authorize?(session: SessionData): Promise<boolean> | boolean
  /** Ways to sign in that are off, or on, until an administrator says otherwise. Default: all are on. */
  defaultAuthMethods?: Record<string, boolean>
  /** Seconds after which a change shows in other processes at the latest. Default 5; 0 reads it anew for each call. */
  readEvery?: number
  /** Names in the database. */
  schema?: SchemaNames<typeof ADMIN_CONFIG_MODELS>
}

/** The options with defaults. */
export interface AdminConfigSettings {
  authorize: AdminConfigOptions['authorize']
  defaults: Readonly<Record<string, boolean>>
  readEvery: number
}

/** @throws when a time makes no sense */
export function resolveAdminConfig(options: AdminConfigOptions): AdminConfigSettings {
  const { authorize, defaultAuthMethods: defaults = {}, readEvery = 5 } = options
  if (!(readEvery >= 0)) throw new Error('admin-config: readEvery must be seconds')
  return { authorize, defaults, readEvery }
}
