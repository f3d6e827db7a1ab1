import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { Kernel } from '../../src/context.ts'
import type { KeyConfiguration } from './options.ts'
import type { Replaced, Replacement } from './successor.ts'

/** Where keys live. */
export interface KeyStore {
  /** Stores that have the same name have the same keys. */
  name: string
  create(row: ApiKeyRow): Promise<ApiKeyRow>
  findByStoredForm(key: string): Promise<ApiKeyRow | null>
  findById(id: string): Promise<ApiKeyRow | null>
  /** The key as it is, where what was found may be a copy of before. */
  reread(key: ApiKeyRow): Promise<ApiKeyRow | null>
  /** All keys of a user or an organization. */
  list(referenceId: string): Promise<ApiKeyRow[]>
  /**
   * `null` when there is no such key any more.
   * @throws KEY_ALREADY_ROTATED when the changes are for its successor alone
   */
  update(key: ApiKeyRow, changes: Partial<ApiKeyRow>): Promise<ApiKeyRow | null>
  delete(key: ApiKeyRow): Promise<void>
  /**
   * Puts another key in the place of this one, all or nothing; of calls at once one does.
   * @throws KEY_NOT_FOUND, KEY_ALREADY_ROTATED
   */
  replace(key: ApiKeyRow, replacement: Replacement): Promise<Replaced>
  /**
   * Counts one use, for a key that has a successor there; of calls at once no more get through than the key's limits allow.
   * @returns the key as it is now; `null` when there is no such key any more, or no successor of it that works
   * @throws USAGE_EXCEEDED, RATE_LIMITED
   */
  use(key: ApiKeyRow, configuration: KeyConfiguration): Promise<ApiKeyRow | null>
}

/** Opens the store of a configuration's keys. */
export type OpenStore = (kernel: Kernel, configuration: KeyConfiguration) => KeyStore
