import type { ProcedureBuilder } from '../../src/plugin.ts'
import { sendProcedures } from './send.ts'
import { verifyProcedures } from './verify.ts'

/** `emailVerification.send` and `.verify` */
export function emailVerificationProcedures(builder: ProcedureBuilder) {
  return { emailVerification: { ...sendProcedures(builder), ...verifyProcedures(builder) } }
}

export interface EmailVerificationRouter extends ReturnType<typeof emailVerificationProcedures> {}
