import { z } from 'zod'
import { errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { assertFactorKept } from '../../src/step-up.ts'
import { passkeyErrors } from './errors.ts'
import type { PasskeySettings } from './options.ts'
import { passkeyOutput } from './schemas.ts'
import { deletePasskey, listPasskeys, renamePasskey } from './store.ts'

const tags = ['Passkey']
const id = z.string().max(255)

/** `passkey.list`, `.update` and `.delete` */
export function manageProcedures({ procedure }: ProcedureBuilder, settings: PasskeySettings) {
  const { allowDeletingLast, requireSecondFactor } = settings
  return {
    list: procedure
      .session({
        rest: 'GET /passkey/list-user-passkeys',
        operationId: 'listPasskeys',
        summary: "The signed-in user's passkeys",
        tags,
      })
      .output(z.array(passkeyOutput))
      .query(({ ctx: { auth } }) => listPasskeys(auth, auth.signedIn.user.id)),

    update: procedure
      .sensitive({
        rest: 'POST /passkey/update-passkey',
        operationId: 'updatePasskey',
        ownerOnly: true,
        summary: "Renames one of the signed-in user's passkeys",
        errors: [passkeyErrors.PASSKEY_NOT_FOUND],
        tags,
      })
      .input(z.object({ id, name: z.string().max(255) }))
      .output(z.object({ passkey: passkeyOutput }))
      .mutation(async ({ ctx: { auth }, input }) => ({
        passkey: await renamePasskey(auth, { ...input, userId: auth.signedIn.user.id }),
      })),

    delete: procedure
      .sensitive({
        rest: 'POST /passkey/delete-passkey',
        operationId: 'deletePasskey',
        ownerOnly: true,
        summary: "Deletes one of the signed-in user's passkeys",
        description: 'Not the last one of a user who has neither a password nor a login at a provider.',
        errors: [
          passkeyErrors.PASSKEY_NOT_FOUND,
          passkeyErrors.LAST_PASSKEY,
          ...(requireSecondFactor ? [errors.STEP_UP_REQUIRED] : []),
        ],
        tags,
      })
      .input(z.object({ id }))
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const { session, user } = auth.signedIn
        const userId = user.id
        if (requireSecondFactor) await assertFactorKept(auth, auth.signedIn)
        const changed = await deletePasskey(auth, { id: input.id, userId, mayBeLast: allowDeletingLast })
        auth.session.stored = Promise.resolve(changed && { session, user: changed })
        await auth.kernel.events.emit('passkey.removed', { userId, passkeyId: input.id })
        return { status: true }
      }),
  }
}
