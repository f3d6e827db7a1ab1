import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { readBearerToken, sendBearerToken } from './bearer-token.ts'
import type { BearerOptions } from './options.ts'

export type { BearerOptions } from './options.ts'

type None = Record<never, never>

/**
 * Sessions for clients without cookies: a request may carry its session token as `Authorization: Bearer` (RFC 6750),
 * and every answer that sets the session cookie has the signed token in its `set-auth-token` header.
 */
export function bearer(options: BearerOptions = {}): Plugin<None> {
  return definePlugin({
    id: 'bearer',
    hooks: {
      sessionToken: auth => readBearerToken(auth, options),
      sessionSent: ({ session }, auth) => sendBearerToken(auth, session.token),
    },
  })
}
