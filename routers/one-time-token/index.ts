import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { setExposedHeader } from '../../src/response.ts'
import type { OneTimeTokenOptions } from './options.ts'
import { type OneTimeTokenRouter, oneTimeTokenProcedures } from './procedures.ts'
import { createToken } from './tokens.ts'

export type { OneTimeTokenOptions } from './options.ts'
export type { OneTimeTokenRouter } from './procedures.ts'

/** Tokens by which a session is taken over once: from a browser to an application, or from one domain to another. */
export function oneTimeToken(options: OneTimeTokenOptions = {}): Plugin<OneTimeTokenRouter> {
  return definePlugin<OneTimeTokenRouter>({
    id: 'one-time-token',
    procedures: builder => oneTimeTokenProcedures(builder, options),
    hooks: options.setOttHeaderOnNewSession
      ? {
          // Stored when the procedure has ended: its own writes are committed then.
          sessionSent: (data, auth) =>
            void auth.unfinished.set('set-ott', async () =>
              setExposedHeader(auth, 'set-ott', await createToken(auth, data, options)),
            ),
          sessionForgotten: auth => void auth.unfinished.delete('set-ott'),
        }
      : {},
  })
}
