import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'

/** `system.ok` */
export function systemProcedures({ procedure }: ProcedureBuilder) {
  return {
    system: {
      ok: procedure
        .public({ rest: 'GET /ok', operationId: 'ok', summary: 'Whether the server is up', tags: ['System'] })
        .output(z.object({ ok: z.boolean() }))
        .query(() => ({ ok: true })),
    },
  }
}

export interface SystemRouter extends ReturnType<typeof systemProcedures> {}
