import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { deleteSession, findSession, forgetSession, sendSession } from '../../src/sessions.ts'
import { deviceTokens, forgetOnDevice } from './device-cookies.ts'
import { findDeviceSessions } from './device-sessions.ts'
import { multiSessionErrors } from './errors.ts'

const tags = ['Multiple sessions']
const input = z.object({ sessionToken: z.string().max(512) })

/** `multiSession.list`, `.setActive` and `.revoke` */
export function multiSessionProcedures({ procedure, schemas }: ProcedureBuilder) {
  const signedIn = z.object({ session: schemas.session, user: schemas.user })
  return {
    multiSession: {
      list: procedure
        .public({
          rest: [
            'GET /multi-session/list-device-sessions',
            { line: 'GET /multi-session/list', operationId: 'listDeviceSessionsAlias', deprecated: true },
          ],
          operationId: 'listDeviceSessions',
          summary: 'The sessions that this device keeps, one for each user',
          tags,
        })
        .output(z.array(signedIn))
        .query(async ({ ctx: { auth } }) => {
          const found = await findDeviceSessions(auth)
          return found.filter((data, index) => found.findIndex(({ user }) => user.id === data.user.id) === index)
        }),

      setActive: procedure
        .public({
          rest: [
            'POST /multi-session/set-active',
            { line: 'POST /multi-session/switch', operationId: 'setActiveSessionAlias', deprecated: true },
          ],
          operationId: 'setActiveSession',
          summary: 'Makes another session of this device the current one',
          errors: [multiSessionErrors.INVALID_SESSION_TOKEN],
          sessionCookie: 'set',
          tags,
        })
        .input(input)
        .output(signedIn)
        .mutation(async ({ ctx: { auth }, input: { sessionToken: token } }) => {
          if (!deviceTokens(auth).includes(token)) throw new AuthError(multiSessionErrors.INVALID_SESSION_TOKEN)
          const found = await findSession(auth, token)
          if (!found || found.session.expiresAt <= auth.kernel.now()) {
            forgetOnDevice(auth, token)
            throw new AuthError(multiSessionErrors.INVALID_SESSION_TOKEN)
          }
          // As when it is read: whoever may not use it any more must not come to it this way.
          await auth.kernel.hooks.ask('sessionRead', found, auth)
          sendSession(auth, found)
          return found
        }),

      revoke: procedure
        .sensitive({
          rest: 'POST /multi-session/revoke',
          operationId: 'revokeDeviceSession',
          summary: 'Ends a session of this device',
          description: 'If it is the current one, another one of the device takes its place.',
          errors: [multiSessionErrors.INVALID_SESSION_TOKEN],
          tags,
        })
        .input(input)
        .output(z.object({ status: z.boolean() }))
        .mutation(async ({ ctx: { auth }, input: { sessionToken: token } }) => {
          if (!deviceTokens(auth).includes(token)) throw new AuthError(multiSessionErrors.INVALID_SESSION_TOKEN)
          await deleteSession(auth, token)
          forgetOnDevice(auth, token)
          if (auth.signedIn.session.token !== token) return { status: true }
          const [next] = await findDeviceSessions(auth)
          if (next) sendSession(auth, next)
          else forgetSession(auth)
          return { status: true }
        }),
    },
  }
}

export interface MultiSessionRouter extends ReturnType<typeof multiSessionProcedures> {}
