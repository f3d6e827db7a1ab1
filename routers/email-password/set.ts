import { z } from 'zod'
import { findCredential, LONGEST_PASSWORD, setPasswordHash } from '../../src/accounts.ts'
import { AuthError } from '../../src/errors.ts'
import type { ServerProcedureBuilder } from '../../src/plugin.ts'
import { passwordErrors } from './errors.ts'
import { assertAcceptable, choiceErrors } from './passwords.ts'

/** `password.set` */
export function emailPasswordServerProcedures({ procedure }: ServerProcedureBuilder) {
  return {
    password: {
      set: procedure
        .sensitive({
          operationId: 'setPassword',
          ownerOnly: true,
          summary: 'Gives the signed-in user, who has none, a password',
          description:
            'For a user of another way to sign in. The application decides who may; the browser never calls it.',
          errors: [passwordErrors.PASSWORD_ALREADY_SET, ...choiceErrors],
          tags: ['Email and password'],
        })
        .input(z.object({ newPassword: z.string().max(LONGEST_PASSWORD) }))
        .output(z.object({ status: z.boolean() }))
        .mutation(async ({ ctx: { auth }, input: { newPassword } }) => {
          await assertAcceptable(auth, newPassword)
          const { id } = auth.signedIn.user
          const hash = await auth.kernel.hasher.hash(newPassword)
          if ((await findCredential(auth, id))?.password) throw new AuthError(passwordErrors.PASSWORD_ALREADY_SET)
          await setPasswordHash(auth, id, hash)
          return { status: true }
        }),
    },
  }
}

export interface EmailPasswordServerRouter extends ReturnType<typeof emailPasswordServerProcedures> {}
