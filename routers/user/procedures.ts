import type { ProcedureBuilder } from '../../src/plugin.ts'
import { changeEmailProcedures } from './change-email.ts'
import { deleteProcedures } from './delete.ts'
import { updateProcedures } from './update.ts'

/** `user.update`, `.changeEmail`, `.delete` and `.deleteCallback` */
export function userProcedures(builder: ProcedureBuilder) {
  return { user: { ...updateProcedures(builder), ...changeEmailProcedures(builder), ...deleteProcedures(builder) } }
}

export interface UserRouter extends ReturnType<typeof userProcedures> {}
