import { z } from 'zod'
import { additionalFieldsOf } from '../../entities/index.ts'
import { parseFields, type WithSessionInput, withFields } from '../../src/additional-fields.ts'
import type { Draft } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { forgetSession, sendSession } from '../../src/sessions.ts'
import { sessionErrors } from './errors.ts'

export function updateProcedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    update: procedure
      .session({
        rest: 'POST /update-session',
        operationId: 'updateSession',
        summary: "Changes the session's additional fields",
        description: 'Only fields that the application declares with `input: true`; other keys are ignored.',
        errors: [sessionErrors.NO_FIELDS_TO_UPDATE, sessionErrors.FIELD_NOT_ALLOWED, sessionErrors.MISSING_FIELD],
        tags: ['Session'],
      })
      .input(withFields<Record<never, never>, WithSessionInput>({}, schemas.sessionInput))
      .output(z.object({ session: schemas.session }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const { kernel, signedIn } = auth
        const changes = parseFields(additionalFieldsOf(kernel.schema, 'session'), input as Draft, 'update')
        if (Object.keys(changes).length === 0) throw new AuthError(sessionErrors.NO_FIELDS_TO_UPDATE)
        const session = await kernel.sessions.update(signedIn, { ...changes, updatedAt: kernel.now() })
        if (!session) {
          forgetSession(auth)
          throw new AuthError(errors.UNAUTHORIZED)
        }
        sendSession(auth, { session, user: signedIn.user })
        return { session }
      }),
  }
}
