import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { type SystemRouter, systemProcedures } from './procedures.ts'

export type { SystemRouter } from './procedures.ts'

/** Whether the server is up. The error page is HTML and so no procedure: see `error-page.ts`. */
export function system(): Plugin<SystemRouter> {
  return definePlugin<SystemRouter>({ id: 'system', procedures: systemProcedures })
}
