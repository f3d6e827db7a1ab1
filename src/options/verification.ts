import type { ModelOptions } from './models.ts'

export interface VerificationOptions extends ModelOptions {
  /** How single-use secrets are stored; default `hashed` (SHA-256). */
  storeIdentifier?: 'hashed' | 'plain'
  /** With secondary storage: keep single-use secrets in the database all the same. Default false. */
  storeInDatabase?: boolean
}
