import type { ProcedureBuilder } from '../../src/plugin.ts'
import { deviceProcedures } from './device-procedures.ts'
import { secretProcedures, switchProcedures } from './manage.ts'
import type { TwoFactorSettings } from './options.ts'
import { ownedCodeProcedures, sentCodeProcedures } from './verify.ts'

/** `twoFactor.*`: turning it on and off, its secrets, proving it, and where it is not asked for. */
export function twoFactorProcedures(builder: ProcedureBuilder, settings: TwoFactorSettings) {
  return {
    twoFactor: {
      ...switchProcedures(builder, settings),
      ...secretProcedures(builder, settings),
      ...ownedCodeProcedures(builder, settings),
      ...sentCodeProcedures(builder, settings),
      ...deviceProcedures(builder),
    },
  }
}

export interface TwoFactorRouter extends ReturnType<typeof twoFactorProcedures> {}
