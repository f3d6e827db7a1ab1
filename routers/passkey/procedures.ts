import type { ProcedureBuilder } from '../../src/plugin.ts'
import { authenticationProcedures } from './authentication.ts'
import { manageProcedures } from './manage.ts'
import type { PasskeySettings } from './options.ts'
import { registrationProcedures } from './registration.ts'

/** `passkey.*`: adding one, signing in with one, and a user's list of them. */
export function passkeyProcedures(builder: ProcedureBuilder, settings: PasskeySettings) {
  return {
    passkey: {
      ...registrationProcedures(builder, settings),
      ...authenticationProcedures(builder, settings),
      ...manageProcedures(builder, settings),
    },
  }
}

export interface PasskeyRouter extends ReturnType<typeof passkeyProcedures> {}
