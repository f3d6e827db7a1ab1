import { z } from 'zod'
import { additionalFieldsOf } from '../../entities/index.ts'
import { parseFields, type WithUserInput, withFields } from '../../src/additional-fields.ts'
import type { Draft } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { forgetSession, sendSession } from '../../src/sessions.ts'
import { updateUser } from '../../src/users.ts'
import { userErrors } from './errors.ts'

const shape = {
  name: z.string().max(1024).optional(),
  image: z.string().max(65_536).nullish(),
}

/** `user.update` */
export function userProcedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    user: {
      update: procedure
        .session({
          rest: 'POST /update-user',
          operationId: 'updateUser',
          summary: "Changes the user's name, image or additional fields",
          errors: Object.values(userErrors),
          tags: ['User'],
        })
        .input(withFields<typeof shape, WithUserInput>(shape, schemas.userInput))
        .output(z.object({ status: z.boolean() }))
        .mutation(async ({ ctx: { auth }, input }) => {
          const { name, image, ...rest } = input as typeof input & Draft
          if (rest.email) throw new AuthError(userErrors.EMAIL_CAN_NOT_BE_UPDATED)
          const changes = {
            name,
            image,
            ...parseFields(additionalFieldsOf(auth.kernel.schema, 'user'), rest, 'update'),
          }
          if (Object.values(changes).every(value => value === undefined)) {
            throw new AuthError(userErrors.NO_FIELDS_TO_UPDATE)
          }
          const user = await updateUser(auth, auth.signedIn.user.id, changes)
          if (!user) {
            forgetSession(auth)
            throw new AuthError(errors.UNAUTHORIZED)
          }
          sendSession(auth, { session: auth.signedIn.session, user })
          return { status: true }
        }),
    },
  }
}

export interface UserRouter extends ReturnType<typeof userProcedures> {}
