import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { deleteSession, deleteSessions, findSession, forgetSession, sessionTokenOf } from '../../src/sessions.ts'

const tags = ['Session']
const status = z.object({ status: z.boolean() })

export function revokeProcedures({ procedure }: ProcedureBuilder) {
  return {
    revoke: procedure
      .sensitive({
        rest: 'POST /revoke-session',
        operationId: 'revokeSession',
        summary: "Ends one of the user's sessions",
        description: 'A token that is unknown or of another user changes nothing and is answered alike.',
        tags,
      })
      .input(z.object({ token: z.string().max(512) }))
      .output(status)
      .mutation(async ({ ctx: { auth }, input }) => {
        const found = await findSession(auth, input.token)
        if (found?.session.userId === auth.signedIn.user.id) {
          await deleteSession(auth, input.token)
          if (input.token === auth.signedIn.session.token) forgetSession(auth)
        }
        return { status: true }
      }),

    revokeAll: procedure
      .sensitive({
        rest: 'POST /revoke-sessions',
        operationId: 'revokeSessions',
        summary: "Ends all of the user's sessions, this one included",
        sessionCookie: 'clear',
        tags,
      })
      .output(status)
      .mutation(async ({ ctx: { auth } }) => {
        await deleteSessions(auth, auth.signedIn.user.id)
        forgetSession(auth)
        return { status: true }
      }),

    revokeOthers: procedure
      .sensitive({
        rest: 'POST /revoke-other-sessions',
        operationId: 'revokeOtherSessions',
        summary: "Ends all of the user's sessions except this one",
        tags,
      })
      .output(status)
      .mutation(async ({ ctx: { auth } }) => {
        await deleteSessions(auth, auth.signedIn.user.id, auth.signedIn.session.token)
        return { status: true }
      }),

    signOut: procedure
      .public({
        rest: 'POST /sign-out',
        operationId: 'signOut',
        summary: 'Ends the current session',
        sessionCookie: 'clear',
        tags,
      })
      .output(z.object({ success: z.boolean() }))
      .mutation(async ({ ctx: { auth } }) => {
        const token = sessionTokenOf(auth)
        await auth.kernel.hooks.ask('signingOut', { token }, auth)
        if (token) await deleteSession(auth, token)
        forgetSession(auth)
        return { success: true }
      }),
  }
}
