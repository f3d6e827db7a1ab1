import type { ProcedureBuilder } from '../../src/plugin.ts'
import { changeProcedures } from './change.ts'
import { resetProcedures } from './reset.ts'
import { signInProcedures } from './sign-in.ts'
import { signUpProcedures } from './sign-up.ts'

/** `signUp.email`, `signIn.email`, `password.requestReset`, `.resetCallback`, `.reset`, `.verify` and `.change` */
export function emailPasswordProcedures(builder: ProcedureBuilder) {
  return {
    signUp: signUpProcedures(builder),
    signIn: signInProcedures(builder),
    password: { ...resetProcedures(builder), ...changeProcedures(builder) },
  }
}

export interface EmailPasswordRouter extends ReturnType<typeof emailPasswordProcedures> {}
