import { z } from 'zod'
import type { Session } from '../../entities/index.ts'
import { checkPassword, findCredential, LONGEST_PASSWORD, setPasswordHash } from '../../src/accounts.ts'
import type { SignedInContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { createSession, deleteSessions, sendSession } from '../../src/sessions.ts'
import { passwordErrors } from './errors.ts'
import { credentialLimit } from './limits.ts'
import { assertAcceptable, choiceErrors } from './passwords.ts'

const tags = ['Email and password']

export function changeProcedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    verify: procedure
      .sensitive({
        rest: 'POST /verify-password',
        operationId: 'verifyPassword',
        summary: "Whether this is the signed-in user's password",
        errors: [passwordErrors.INVALID_PASSWORD, errors.SERVICE_BUSY],
        tags,
      })
      .input(z.object({ password: z.string().max(LONGEST_PASSWORD) }))
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        if (!(await checkPassword(auth, auth.signedIn.user, input.password))) {
          throw new AuthError(passwordErrors.INVALID_PASSWORD)
        }
        return { status: true }
      }),

    change: procedure
      .sensitive({
        rest: 'POST /change-password',
        operationId: 'changePassword',
        ownerOnly: true,
        summary: "Changes the signed-in user's password",
        description: 'With `revokeOtherSessions` every session ends and `token` is that of a new one.',
        sessionCookie: 'set',
        errors: [passwordErrors.CREDENTIAL_ACCOUNT_NOT_FOUND, passwordErrors.INVALID_PASSWORD, ...choiceErrors],
        limit: credentialLimit,
        tags,
      })
      .input(
        z.object({
          newPassword: z.string().max(LONGEST_PASSWORD),
          currentPassword: z.string().max(LONGEST_PASSWORD),
          revokeOtherSessions: z.boolean().optional(),
        }),
      )
      .output(z.object({ token: z.union([z.string(), z.null()]), user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input }) => {
        await assertAcceptable(auth, input.newPassword)
        const { user } = auth.signedIn
        if (!(await findCredential(auth, user.id))?.password) {
          throw new AuthError(passwordErrors.CREDENTIAL_ACCOUNT_NOT_FOUND)
        }
        if (!(await checkPassword(auth, user, input.currentPassword))) {
          throw new AuthError(passwordErrors.INVALID_PASSWORD)
        }
        const hash = await auth.kernel.hasher.hash(input.newPassword)
        const session = await changePassword(auth, hash, input.revokeOtherSessions ?? false)
        if (session) sendSession(auth, { session, user })
        return { token: session?.token ?? null, user }
      }),
  }
}

function changePassword(auth: SignedInContext, hash: string, revoke: boolean): Promise<Session | undefined> {
  const { user } = auth.signedIn
  return auth.kernel.unitOfWork.run(async () => {
    await setPasswordHash(auth, user.id, hash)
    if (!revoke) return undefined
    await deleteSessions(auth, user.id)
    return createSession(auth, user)
  })
}
