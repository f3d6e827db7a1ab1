import { z } from 'zod'
import type { User } from '../../entities/index.ts'
import { checkPassword, findCredential, LONGEST_PASSWORD } from '../../src/accounts.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext, SignedInContext } from '../../src/context.ts'
import { randomString } from '../../src/crypto/random.ts'
import { AuthError, askApplication, errors } from '../../src/errors.ts'
import { orRedirect, redirectTo } from '../../src/meta.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { forgetSession, requireFreshSession, storedSession, takeSession } from '../../src/sessions.ts'
import { deleteUser } from '../../src/users.ts'
import { consumeVerification, createVerification, peekVerification } from '../../src/verifications.ts'
import { deleteErrors, deleteLinkErrors } from './errors.ts'

const tags = ['User']
const PURPOSE = 'delete-account'
const TOKEN_LENGTH = 32

const answer = z.object({ success: z.boolean(), message: z.enum(['User deleted', 'Verification email sent']) })
const deleted = { success: true, message: 'User deleted' } as const

export function deleteProcedures({ procedure }: ProcedureBuilder) {
  return {
    delete: procedure
      .sensitive({
        rest: 'POST /delete-user',
        operationId: 'deleteUser',
        ownerOnly: true,
        summary: 'Deletes the signed-in user, or mails the link that does',
        description: 'Needs the password, the token of a mailed link, or a fresh session.',
        errors: [
          ...Object.values(deleteErrors),
          ...Object.values(deleteLinkErrors),
          errors.NOT_FOUND,
          errors.SERVICE_BUSY,
        ],
        sessionCookie: 'clear',
        tags,
      })
      .input(
        z.object({
          password: z.string().max(LONGEST_PASSWORD).optional(),
          token: z.string().max(512).optional(),
          callbackURL: z.string().max(2048).optional(),
        }),
      )
      .output(answer)
      .mutation(async ({ ctx: { auth }, input: { password, token, callbackURL } }) => {
        const { enabled, sendDeleteAccountVerification } = auth.kernel.options.user.deleteUser
        if (!enabled) throw new AuthError(errors.NOT_FOUND)
        if (password) await assertPassword(auth, password)
        const { user } = auth.signedIn
        if (token) {
          await deleteByLink(auth, user, token)
          return deleted
        }
        if (sendDeleteAccountVerification) {
          auth.kernel.background(() => mailLink(auth, callbackURL))
          return { success: true, message: 'Verification email sent' } as const
        }
        if (!password) await assertFresh(auth)
        await deleteWith(auth, user, () => deleteUser(auth, user))
        return deleted
      }),

    deleteCallback: procedure
      .public({
        rest: 'GET /delete-user/callback',
        operationId: 'deleteUserCallback',
        summary: 'Where the mailed link leads: deletes the signed-in user',
        description:
          'Only in a browser that is signed in as the user who asked. With `callbackURL` it redirects there.',
        errors: [...Object.values(deleteLinkErrors), errors.NOT_FOUND],
        redirect: 'optional',
        ownerOnly: true,
        sessionCookie: 'clear',
        tags,
      })
      .input(z.object({ token: z.string().max(512), callbackURL: z.string().max(2048).optional() }))
      .output(orRedirect(answer))
      .mutation(async ({ ctx: { auth }, input: { token, callbackURL } }) => {
        if (!auth.kernel.options.user.deleteUser.enabled) throw new AuthError(errors.NOT_FOUND)
        const current = await storedSession(auth)
        if (!current) throw new AuthError(deleteLinkErrors.FAILED_TO_GET_USER_INFO)
        // A base procedure that needs a session would ask; this one answers in its own way when there is none.
        await takeSession(auth, current)
        await deleteByLink(auth, current.user, token)
        return callbackURL ? redirectTo(callbackURL) : deleted
      }),
  }
}

/** @throws CREDENTIAL_ACCOUNT_NOT_FOUND without a password, INVALID_PASSWORD for another one */
async function assertPassword(auth: SignedInContext, password: string): Promise<void> {
  const { user } = auth.signedIn
  if (!(await findCredential(auth, user.id))?.password) throw new AuthError(deleteErrors.CREDENTIAL_ACCOUNT_NOT_FOUND)
  if (!(await checkPassword(auth, user, password))) throw new AuthError(deleteErrors.INVALID_PASSWORD)
}

/** @throws SESSION_EXPIRED when the session began too long ago */
async function assertFresh(auth: SignedInContext): Promise<void> {
  await requireFreshSession(auth).catch(error => {
    const isOld = error instanceof AuthError && error.definition === errors.SESSION_NOT_FRESH
    throw isOld ? new AuthError(deleteErrors.SESSION_EXPIRED) : error
  })
}

async function mailLink(auth: SignedInContext, callbackURL: string | undefined): Promise<void> {
  const { user } = auth.signedIn
  const { sendDeleteAccountVerification, deleteTokenExpiresIn: expiresIn } = auth.kernel.options.user.deleteUser
  const token = randomString(TOKEN_LENGTH)
  await createVerification(auth, { purpose: PURPOSE, secret: token }, { value: user.id, expiresIn })
  const url = `${auth.baseURL}/delete-user/callback?token=${token}&callbackURL=${encodeURIComponent(callbackURL || '/')}`
  await sendDeleteAccountVerification?.({ user, url, token }, auth.request?.())
}

/** @throws INVALID_TOKEN for a token that is used, expired, or of another user */
async function deleteByLink(auth: AuthContext, user: User, token: string): Promise<void> {
  const secret = { purpose: PURPOSE, secret: token }
  const assertOwn = (owner: string | undefined) => {
    if (owner !== user.id) throw new AuthError(deleteLinkErrors.INVALID_TOKEN)
  }
  // Looked at first, so that nobody uses up another user's link; consumed with the deletion, so that it works once.
  assertOwn(await peekVerification(auth, secret))
  await deleteWith(auth, user, () =>
    deleteUser(auth, user, { first: async () => assertOwn(await consumeVerification(auth, secret)) }),
  )
}

/** The deletion with what surrounds it: the application's callbacks, and the end of the cookies. */
async function deleteWith(auth: AuthContext, user: User, run: () => Promise<void>): Promise<void> {
  const { beforeDelete, afterDelete } = auth.kernel.options.user.deleteUser
  // Outside of the transaction: the application may write to the same database on a connection of its own.
  await askApplication(() => beforeDelete?.(user, auth.request?.()))
  await run()
  forgetSession(auth)
  await tellApplication(auth, 'afterDelete', () => afterDelete?.(user, auth.request?.()))
}
