import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { type SessionRouter, sessionProcedures } from './procedures.ts'

export type { SessionRouter } from './procedures.ts'

/** Reading, extending, listing and ending sessions. */
export function session(): Plugin<SessionRouter> {
  return definePlugin<SessionRouter>({ id: 'session', procedures: sessionProcedures })
}
