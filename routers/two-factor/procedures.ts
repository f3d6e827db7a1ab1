import type { ProcedureBuilder } from '../../src/plugin.ts'
import { secretProcedures, switchProcedures } from './manage.ts'
import type { TwoFactorSettings } from './options.ts'
import { ownedCodeProcedures, sentCodeProcedures } from './verify.ts'

/** `twoFactor.*`: turning it on and off, its secrets, and proving it. */
export function twoFactorProcedures(builder: ProcedureBuilder, settings: TwoFactorSettings) {
  return {
    twoFactor: {
      ...switchProcedures(builder, settings),
      ...secretProcedures(builder, settings),
      ...ownedCodeProcedures(builder, settings),
      ...sentCodeProcedures(builder, settings),
    },
  }
}

export interface TwoFactorRouter extends ReturnType<typeof twoFactorProcedures> {}
