import type { ProcedureBuilder } from '../../src/plugin.ts'
import { readProcedures } from './read.ts'
import { revokeProcedures } from './revoke.ts'
import { updateProcedures } from './update.ts'

/** `session.get`, `.refresh`, `.list`, `.update`, `.revoke`, `.revokeAll`, `.revokeOthers` and `signOut` */
export function sessionProcedures(builder: ProcedureBuilder) {
  const { signOut, ...revoke } = revokeProcedures(builder)
  return { session: { ...readProcedures(builder), ...updateProcedures(builder), ...revoke }, signOut }
}

export interface SessionRouter extends ReturnType<typeof sessionProcedures> {}
