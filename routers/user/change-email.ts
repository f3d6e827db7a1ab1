import { z } from 'zod'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import type { SignedInContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { forgetSession, sendSession } from '../../src/sessions.ts'
import { emailInput, findUserByEmail, updateUser } from '../../src/users.ts'
import { createEmailLink, mailChange, mailVerification } from '../../src/verification-mail.ts'
import { changeEmailErrors } from './errors.ts'
import { addressLimit } from './limits.ts'

interface Wish {
  newEmail: string
  callbackURL?: string
}

export function changeEmailProcedures({ procedure }: ProcedureBuilder) {
  return {
    changeEmail: procedure
      .sensitive({
        rest: 'POST /change-email',
        operationId: 'changeEmail',
        ownerOnly: true,
        summary: "Changes the user's e-mail address, or mails the link that does",
        description: 'The answer is the same whether or not the new address has a user already.',
        errors: Object.values(changeEmailErrors),
        limit: addressLimit,
        sessionCookie: 'set',
        tags: ['User'],
      })
      .input(z.object({ newEmail: emailInput, callbackURL: z.string().max(2048).optional() }))
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        if (!auth.kernel.options.user.changeEmail.enabled) throw new AuthError(changeEmailErrors.CHANGE_EMAIL_DISABLED)
        if (input.newEmail === auth.signedIn.user.email) throw new AuthError(changeEmailErrors.EMAIL_IS_THE_SAME)
        const way = wayOf(auth)
        // Before the new address is looked at: whether this is refused must not depend on it.
        if (!way) throw new AuthError(changeEmailErrors.VERIFICATION_EMAIL_NOT_ENABLED)
        await way(auth, input)
        return { status: true }
      }),
  }
}

/** How this user's address is changed by these options; `undefined` when they give no way. */
function wayOf(auth: SignedInContext): ((auth: SignedInContext, wish: Wish) => Promise<void> | void) | undefined {
  const { user, emailVerification } = auth.kernel.options
  const isProven = auth.signedIn.user.emailVerified
  if (!isProven && user.changeEmail.updateEmailWithoutVerification) return changeAtOnce
  if (isProven && user.changeEmail.sendChangeEmailConfirmation) return askOldAddress
  return emailVerification.sendVerificationEmail && askNewAddress
}

async function changeAtOnce(auth: SignedInContext, { newEmail, callbackURL }: Wish): Promise<void> {
  const { session, user: before } = auth.signedIn
  if (await findUserByEmail(auth, newEmail)) return
  const user = await updateUser(auth, before.id, { email: newEmail }).catch(error => {
    // Somebody took the address at this moment: answered like one that was taken before.
    if (error instanceof UniqueViolation && error.model === 'user') return 'taken' as const
    throw error
  })
  if (user === 'taken') return
  if (!user) {
    forgetSession(auth)
    throw new AuthError(errors.UNAUTHORIZED)
  }
  sendSession(auth, { session, user })
  mailVerification(auth, user, callbackURL)
  const { onEmailChanged } = auth.kernel.options.user.changeEmail
  auth.kernel.background(() => onEmailChanged?.({ user, oldEmail: before.email }, auth.request?.()))
}

function askOldAddress(auth: SignedInContext, { newEmail, callbackURL }: Wish): void {
  const { user } = auth.signedIn
  const { sendChangeEmailConfirmation } = auth.kernel.options.user.changeEmail
  whereFree(auth, newEmail, async () => {
    const requestType = 'change-email-confirmation'
    const claims = { sub: user.id, email: user.email, updateTo: newEmail, requestType } as const
    const link = await createEmailLink(auth, claims, callbackURL)
    await sendChangeEmailConfirmation?.({ user, newEmail, ...link }, auth.request?.())
  })
}

function askNewAddress(auth: SignedInContext, { newEmail, callbackURL }: Wish): void {
  const { user } = auth.signedIn
  whereFree(auth, newEmail, () => mailChange(auth, { user, newEmail }, callbackURL))
}

/** Mails unless the address has a user. It is looked up after the answer, whose time therefore cannot tell. */
function whereFree(auth: SignedInContext, email: string, mail: () => Promise<void>): void {
  auth.kernel.background(async () => {
    if (!(await findUserByEmail(auth, email))) await mail()
  })
}
