import { z } from 'zod'
import type { AuthContext, SessionData } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import {
  cachedSession,
  forgetSession,
  hasSessionCookie,
  isNotRemembered,
  isRefreshDue,
  listSessions,
  type ReadStoredSession,
  refreshSession,
  storedSession,
} from '../../src/sessions.ts'
import { sessionErrors } from './errors.ts'

const tags = ['Session']

/** A cookie of a session that is over is of no use; streamed responses cannot take it back. */
async function readOrForget(auth: AuthContext, read: ReadStoredSession): Promise<SessionData | null> {
  const found = await storedSession(auth, read)
  if (!found && hasSessionCookie(auth) && !auth.isStreamed) forgetSession(auth)
  return found
}

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
        const cached = input?.disableCookieCache ? null : await cachedSession(auth)
        const found = cached ?? (await readOrForget(auth, { disableRefresh: input?.disableRefresh, isCached: true }))
        if (found) await auth.kernel.hooks.ask('sessionAnswered', found, auth)
        if (cached) return cached
        const { deferSessionRefresh, disableSessionRefresh } = auth.kernel.options.session
        const isDeferred = deferSessionRefresh && !input?.disableRefresh && !isNotRemembered(auth)
        if (!found || !isDeferred) return found
        return { ...found, needsRefresh: !disableSessionRefresh && isRefreshDue(auth, found) }
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
      .mutation(async ({ ctx: { auth }, input }) => {
        const { deferSessionRefresh, disableSessionRefresh } = auth.kernel.options.session
        if (!deferSessionRefresh) throw new AuthError(sessionErrors.METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED)
        // Not from a cache: one that was made when reading told that this is due would answer instead.
        const { disableRefresh } = input ?? {}
        const found = await readOrForget(auth, { isRefreshing: true, isCached: true, disableRefresh })
        const isDue = found && !disableSessionRefresh && !disableRefresh && isRefreshDue(auth, found)
        const answer = isDue ? await refreshSession(auth, found) : found
        if (answer) await auth.kernel.hooks.ask('sessionAnswered', answer, auth)
        return answer
      }),

    list: procedure
      .session({ rest: 'GET /list-sessions', operationId: 'listSessions', summary: "The user's active sessions", tags })
      .output(z.array(schemas.session))
      .query(({ ctx: { auth } }) => listSessions(auth, auth.signedIn.user.id)),
  }
}
