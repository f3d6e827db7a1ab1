import type { ProcedureBuilder } from '../../src/plugin.ts'
import type { Parts } from './administrator.ts'
import { methodProcedures } from './method-procedures.ts'
import { openProcedures } from './open-procedures.ts'
import { emailClientProcedures, stripeProcedures } from './section-procedures.ts'

/** `adminConfig.publicAuth`, `.publicUi` and what administrators read and set */
export function adminConfigProcedures(builder: ProcedureBuilder, parts: Parts) {
  return {
    adminConfig: {
      ...openProcedures(builder, parts),
      ...methodProcedures(builder, parts),
      ...emailClientProcedures(builder, parts),
      ...stripeProcedures(builder, parts),
    },
  }
}

export interface AdminConfigRouter extends ReturnType<typeof adminConfigProcedures> {}
