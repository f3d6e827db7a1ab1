import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import {
  currentSession,
  forgetSession,
  hasSessionCookie,
  isRefreshDue,
  listSessions,
  refreshSession,
} from '../../src/sessions.ts'
import { sessionErrors } from './errors.ts'

const tags = ['Session']

export function readProcedures({ procedure, schemas }: ProcedureBuilder) {
  const readOptions = z
    .object({ disableCookieCache: z.boolean().optional(), disableRefresh: z.boolean().optional() })
    .optional()
  const current = z.object({ session: schemas.session, user: schemas.user })
  return {
    get: procedure
      .public({
        rest: 'GET /get-session',
        operationId: 'getSession',
        summary: 'The current session and its user',
        tags,
      })
      .input(readOptions)
      .output(z.union([current.extend({ needsRefresh: z.boolean().optional() }), z.null()]))
      .query(async ({ ctx: { auth }, input }) => {
        const found = await currentSession(auth, { disableRefresh: input?.disableRefresh })
        // A cookie of a session that is over is of no use; streamed responses cannot take it back.
        if (!found && hasSessionCookie(auth) && !auth.isStreamed) forgetSession(auth)
        const isDeferred = auth.kernel.options.session.deferSessionRefresh && !input?.disableRefresh
        if (!found || !isDeferred) return found
        return { ...found, needsRefresh: isRefreshDue(auth, found) }
      }),

    refresh: procedure
      .public({
        rest: 'POST /get-session',
        operationId: 'refreshSession',
        summary: 'Extends the current session when it is due',
        description: 'For servers with `session.deferSessionRefresh`, where reading never writes.',
        errors: [sessionErrors.METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED],
        tags,
      })
      .input(readOptions)
      .output(z.union([current, z.null()]))
      .mutation(async ({ ctx: { auth } }) => {
        const { deferSessionRefresh, disableSessionRefresh } = auth.kernel.options.session
        if (!deferSessionRefresh) throw new AuthError(sessionErrors.METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED)
        const found = await currentSession(auth)
        return found && !disableSessionRefresh && isRefreshDue(auth, found) ? refreshSession(auth, found) : found
      }),

    list: procedure
      .session({ rest: 'GET /list-sessions', operationId: 'listSessions', summary: "The user's active sessions", tags })
      .output(z.array(schemas.session))
      .query(({ ctx: { auth } }) => listSessions(auth, auth.signedIn.user.id)),
  }
}
