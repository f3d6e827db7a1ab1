import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { deleteSession, deleteSessions, findSession } from '../../src/sessions.ts'
import { refusals } from './errors.ts'
import { findTarget, requirePermission, requireRank, userId } from './guard.ts'
import type { AdminSettings } from './options.ts'
import { tokenBehind, withoutToken } from './session-handles.ts'

const tags = ['Admin']
const success = z.object({ success: z.boolean() })

/** `admin.listUserSessions`, `.revokeUserSession` and `.revokeUserSessions` */
export function sessionProcedures({ procedure, schemas }: ProcedureBuilder, settings: AdminSettings) {
  const listRefusal = refusals.YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS
  const refusal = refusals.YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS
  return {
    listUserSessions: procedure
      .sensitive({
        rest: 'POST /admin/list-user-sessions',
        operationId: 'listUserSessions',
        summary: "A user's active sessions, impersonations included",
        description:
          'What is in the place of a token ends the session by `admin.revokeUserSession`, and does nothing else.',
        errors: [listRefusal],
        tags,
      })
      .input(z.object({ userId }))
      .output(z.object({ sessions: z.array(schemas.session) }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const scope = { auth, settings }
        requirePermission(scope, { session: ['list'] }, listRefusal)
        const target = await findTarget(scope, input.userId, listRefusal)
        const sessions = target ? await auth.kernel.sessions.list(target.id, auth.kernel.now()) : []
        return { sessions: sessions.map(session => withoutToken(auth, session)) }
      }),

    revokeUserSession: procedure
      .sensitive({
        rest: 'POST /admin/revoke-user-session',
        operationId: 'revokeUserSession',
        summary: 'Ends a session of any user',
        errors: [refusal],
        tags,
      })
      .input(z.object({ sessionToken: z.string().max(512) }))
      .output(success)
      .mutation(async ({ ctx: { auth }, input: { sessionToken } }) => {
        const scope = { auth, settings }
        requirePermission(scope, { session: ['revoke'] }, refusal)
        const token = tokenBehind(auth, sessionToken)
        const found = await findSession(auth, token)
        if (found) requireRank(scope, found.user, refusal)
        await deleteSession(auth, token)
        return { success: true }
      }),

    revokeUserSessions: procedure
      .sensitive({
        rest: 'POST /admin/revoke-user-sessions',
        operationId: 'revokeUserSessions',
        summary: 'Ends all sessions of a user',
        errors: [refusal],
        tags,
      })
      .input(z.object({ userId }))
      .output(success)
      .mutation(async ({ ctx: { auth }, input }) => {
        const scope = { auth, settings }
        requirePermission(scope, { session: ['revoke'] }, refusal)
        const target = await findTarget(scope, input.userId, refusal)
        if (target) await deleteSessions(auth, target.id)
        return { success: true }
      }),
  }
}
