import { z } from 'zod'
import { definePlugin, type ProcedureBuilder, type SecondFactorPolicy, type StepUp } from '../../src/index.ts'

export const KINDS = ['session', 'sensitive', 'fresh'] as const

/** What a vault answers a session that has not proved a second factor. */
export const REFUSAL = { code: 'STEP_UP_REQUIRED', message: 'This needs a second factor' }

/** A vault that opens to whoever has proved a second factor. */
export function vault(secondFactor: SecondFactorPolicy = true, more: { maxAge?: number } = {}) {
  return vaultOf({ secondFactor, ...more })
}

/** A vault that opens to sessions that are as `policy` says, whichever base its doors are made from. */
export function vaultOf(policy: StepUp) {
  const door = ({ procedure }: ProcedureBuilder, kind: (typeof KINDS)[number]) => ({
    look: procedure[kind]({ rest: `GET /vault/${kind}`, operationId: `look-${kind}`, summary: 'Looks', ...policy })
      .output(z.literal('gold'))
      .query(() => 'gold' as const),
    take: procedure[kind]({ rest: `POST /vault/${kind}`, operationId: `take-${kind}`, summary: 'Takes', ...policy })
      .output(z.literal('gold'))
      .mutation(() => 'gold' as const),
  })
  return definePlugin({
    id: 'vault',
    procedures: builder => ({
      vault: {
        session: door(builder, 'session'),
        sensitive: door(builder, 'sensitive'),
        fresh: door(builder, 'fresh'),
      },
    }),
  })
}
