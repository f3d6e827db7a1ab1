import type { ModelOptions } from './models.ts'

export interface VerificationOptions extends ModelOptions {
  /** How single-use secrets are stored; default `hashed` (SHA-256). */
  storeIdentifier?: 'hashed' | 'plain'
  /** Keep single-use secrets that have expired. Default false: they are deleted now and then. */
  disableCleanup?: boolean
  /** With secondary storage: keep single-use secrets in the database all the same. Default false. */
  storeInDatabase?: boolean
}
