import type { ProcedureBuilder } from '../../src/plugin.ts'
import { withStepUp } from '../../src/trpc.ts'
import { banProcedures } from './ban-procedures.ts'
import { changeProcedures } from './change-procedures.ts'
import { createProcedures } from './create-procedure.ts'
import { impersonateProcedures, stopImpersonatingProcedures } from './impersonation-procedures.ts'
import type { AdminSettings } from './options.ts'
import { passwordProcedures } from './password-procedure.ts'
import { permissionProcedures } from './permission-procedure.ts'
import { readProcedures } from './read-procedures.ts'
import { removeProcedures } from './remove-procedure.ts'
import { sessionProcedures } from './session-procedures.ts'

/** What administrators do, all under `admin`. */
export function adminProcedures(builder: ProcedureBuilder, settings: AdminSettings) {
  const { requireSecondFactor: secondFactor } = settings
  const proven = { ...builder, procedure: withStepUp(builder.procedure, { secondFactor }) }
  return {
    admin: {
      ...readProcedures(proven, settings),
      ...createProcedures(proven, settings),
      ...changeProcedures(proven, settings),
      ...removeProcedures(proven, settings),
      ...banProcedures(proven, settings),
      ...sessionProcedures(proven, settings),
      ...passwordProcedures(proven, settings),
      ...impersonateProcedures(proven, settings),
      // An impersonator has signed in as nobody, and must come out of it.
      ...stopImpersonatingProcedures(builder),
      // Any user may ask what is allowed.
      ...permissionProcedures(builder, settings),
    },
  }
}

export interface AdminRouter extends ReturnType<typeof adminProcedures> {}
