import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { errorPage } from './error-page.ts'
import { type SystemRouter, systemProcedures } from './procedures.ts'

export type { SystemRouter } from './procedures.ts'

/** Whether the server is up, and the page where failed redirects end. */
export function system(): Plugin<SystemRouter> {
  return definePlugin<SystemRouter>({
    id: 'system',
    procedures: systemProcedures,
    pages: { '/error': ({ url, kernel }) => errorPage(url, kernel.options) },
  })
}
