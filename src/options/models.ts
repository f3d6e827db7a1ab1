import type { Fields, ModelOverride } from '../../entities/index.ts'

/** Tables and columns of one core model, and fields of the application's own. */
export interface ModelOptions<F extends Fields = Fields> extends ModelOverride {
  /** Columns of the application's own, typed from here to the client. */
  additionalFields?: F
}
