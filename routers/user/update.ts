import { z } from 'zod'
import { additionalFieldsOf, type User } from '../../entities/index.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import { parseFields, type WithUserInput, withFields } from '../../src/additional-fields.ts'
import type { Draft, SignedInContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { forgetSession, sendSession } from '../../src/sessions.ts'
import { updateUser } from '../../src/users.ts'
import { updateErrors } from './errors.ts'

const shape = {
  name: z.string().max(1024).optional(),
  image: z.string().max(65_536).nullish(),
}

export function updateProcedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    update: procedure
      .session({
        rest: 'POST /update-user',
        operationId: 'updateUser',
        summary: "Changes the user's name, image or additional fields",
        errors: Object.values(updateErrors),
        tags: ['User'],
      })
      .input(withFields<typeof shape, WithUserInput>(shape, schemas.userInput))
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const { name, image, ...rest } = input as typeof input & Draft
        if (rest.email) throw new AuthError(updateErrors.EMAIL_CAN_NOT_BE_UPDATED)
        const fields = {
          name,
          image,
          ...parseFields(additionalFieldsOf(auth.kernel.schema, 'user'), rest, 'update'),
        }
        if (Object.values(fields).every(value => value === undefined)) {
          throw new AuthError(updateErrors.NO_FIELDS_TO_UPDATE)
        }
        const user = await update(auth, fields)
        if (!user) {
          forgetSession(auth)
          throw new AuthError(errors.UNAUTHORIZED)
        }
        sendSession(auth, { session: auth.signedIn.session, user })
        return { status: true }
      }),
  }
}

async function update(auth: SignedInContext, fields: Draft): Promise<User | null> {
  const { user } = auth.signedIn
  const choose = () => auth.kernel.hooks.userFieldsChosen({ fields, user }, auth)
  const changes = await choose()
  return updateUser(auth, user.id, changes).catch(async error => {
    if (!(error instanceof UniqueViolation && error.model === 'user')) throw error
    // A unique value is taken: the plugin whose field it is refuses it now, with its own words.
    await choose()
    throw new AuthError(updateErrors.FIELD_VALUE_TAKEN)
  })
}
