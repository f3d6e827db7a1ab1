import { z } from 'zod'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { isMadeSession, sendSession } from '../../src/sessions.ts'
import { oneTimeTokenErrors } from './errors.ts'
import type { OneTimeTokenOptions } from './options.ts'
import { createToken, redeemToken } from './tokens.ts'

const tags = ['One-time token']
const { CLIENT_REQUESTS_DISABLED, ...redeemErrors } = oneTimeTokenErrors

/** `oneTimeToken.generate` and `.verify` */
export function oneTimeTokenProcedures({ procedure, schemas }: ProcedureBuilder, options: OneTimeTokenOptions) {
  return {
    oneTimeToken: {
      generate: procedure
        .sensitive({
          rest: 'GET /one-time-token/generate',
          operationId: 'generateOneTimeToken',
          summary: 'A token that stands for the current session, once',
          errors: [CLIENT_REQUESTS_DISABLED],
          tags,
        })
        .output(z.object({ token: z.string() }))
        .mutation(async ({ ctx: { auth } }) => {
          // Only a request over the network has a method.
          if (options.disableClientRequest && auth.method !== undefined) throw new AuthError(CLIENT_REQUESTS_DISABLED)
          // What only stands for a session cannot be taken over as one.
          if (isMadeSession(auth, auth.signedIn)) throw new AuthError(errors.UNAUTHORIZED)
          const { session, user } = auth.signedIn
          return { token: await createToken(auth, { session, user }, options) }
        }),

      verify: procedure
        .public({
          rest: 'POST /one-time-token/verify',
          operationId: 'verifyOneTimeToken',
          summary: 'Takes over the session that a token stands for',
          errors: Object.values(redeemErrors),
          sessionCookie: 'set',
          tags,
        })
        .input(z.object({ token: z.string().max(512) }))
        .output(z.object({ session: schemas.session, user: schemas.user }))
        .mutation(async ({ ctx: { auth }, input }) => {
          const found = await redeemToken(auth, input.token, options)
          if (!options.disableSetSessionCookie) sendSession(auth, found)
          return found
        }),
    },
  }
}

export interface OneTimeTokenRouter extends ReturnType<typeof oneTimeTokenProcedures> {}
