import type { ProcedureBuilder } from '../../src/plugin.ts'
import type { UsernameRules } from './options.ts'
import { availabilityProcedures, signInProcedures } from './sign-in.ts'
import { signUpProcedures } from './sign-up.ts'

/** `signIn.username`, `signUp.username` and `username.isAvailable` */
export function usernameProcedures(builder: ProcedureBuilder, rules: UsernameRules) {
  return {
    signIn: signInProcedures(builder, rules),
    signUp: signUpProcedures(builder, rules),
    username: availabilityProcedures(builder, rules),
  }
}

export interface UsernameRouter extends ReturnType<typeof usernameProcedures> {}
