import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { endDeviceSessions, forgetCurrent, keepSession } from './device-sessions.ts'
import { DEFAULT_MAXIMUM, type MultiSessionOptions } from './options.ts'
import { type MultiSessionRouter, multiSessionProcedures } from './procedures.ts'

export type { MultiSessionOptions } from './options.ts'
export type { MultiSessionRouter } from './procedures.ts'

/** Several users signed in on one device at the same time, and a way to change between them. */
export function multiSession({
  maximumSessions = DEFAULT_MAXIMUM,
}: MultiSessionOptions = {}): Plugin<MultiSessionRouter> {
  return definePlugin<MultiSessionRouter>({
    id: 'multi-session',
    procedures: multiSessionProcedures,
    hooks: {
      // What the device keeps is looked up when the procedure has ended: its own writes are committed then.
      sessionSent: (data, auth) =>
        void auth.unfinished.set('multi-session', () => keepSession(auth, data, maximumSessions)),
      sessionForgotten: auth => {
        auth.unfinished.delete('multi-session')
        forgetCurrent(auth)
      },
      signingOut: (_event, auth) => endDeviceSessions(auth),
    },
  })
}
