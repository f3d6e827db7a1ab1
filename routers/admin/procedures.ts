import type { ProcedureBuilder } from '../../src/plugin.ts'
import { banProcedures } from './ban-procedures.ts'
import { changeProcedures } from './change-procedures.ts'
import { createProcedures } from './create-procedure.ts'
import { impersonationProcedures } from './impersonation-procedures.ts'
import type { AdminSettings } from './options.ts'
import { passwordProcedures } from './password-procedure.ts'
import { permissionProcedures } from './permission-procedure.ts'
import { readProcedures } from './read-procedures.ts'
import { removeProcedures } from './remove-procedure.ts'
import { sessionProcedures } from './session-procedures.ts'

/** What administrators do, all under `admin`. */
export function adminProcedures(builder: ProcedureBuilder, settings: AdminSettings) {
  return {
    admin: {
      ...readProcedures(builder, settings),
      ...createProcedures(builder, settings),
      ...changeProcedures(builder, settings),
      ...removeProcedures(builder, settings),
      ...banProcedures(builder, settings),
      ...sessionProcedures(builder, settings),
      ...passwordProcedures(builder, settings),
      ...impersonationProcedures(builder, settings),
      ...permissionProcedures(builder, settings),
    },
  }
}

export interface AdminRouter extends ReturnType<typeof adminProcedures> {}
