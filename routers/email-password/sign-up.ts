import { z } from 'zod'
import { additionalFieldsOf, type User } from '../../entities/index.ts'
import { CREDENTIAL, createAccount, LONGEST_PASSWORD } from '../../src/accounts.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import { parseFields, type WithUserInput, withFields } from '../../src/additional-fields.ts'
import type { AuthContext, Draft } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { createSession, sendSession } from '../../src/sessions.ts'
import { createUser, emailInput, findUserByEmail } from '../../src/users.ts'
import { mailVerification } from '../../src/verification-mail.ts'
import { passwordErrors } from './errors.ts'
import { credentialLimit } from './limits.ts'
import { assertAcceptable, choiceErrors } from './passwords.ts'
import { answerTaken } from './taken-address.ts'

const shape = {
  name: z.string().max(1024),
  email: emailInput,
  password: z.string().min(1).max(LONGEST_PASSWORD),
  image: z.string().max(65_536).optional(),
  callbackURL: z.string().max(2048).optional(),
  rememberMe: z.boolean().optional(),
}

/** What a sign-up with a password is made of. */
export type SignUp = { [Key in keyof typeof shape]: z.infer<(typeof shape)[Key]> }

/** What a sign-up with a password can be refused with, beside what plugins say of its fields. */
export const signUpErrors = [
  passwordErrors.EMAIL_PASSWORD_SIGN_UP_DISABLED,
  passwordErrors.EMAIL_ALREADY_IN_USE,
  passwordErrors.FIELD_NOT_ALLOWED,
  passwordErrors.FIELD_VALUE_TAKEN,
  passwordErrors.MISSING_FIELD,
  ...choiceErrors,
]

export function signUpProcedures({ procedure, schemas }: ProcedureBuilder) {
  const required = ['name', 'email', 'password', ...schemas.requiredUserInput]
  return {
    email: procedure
      .public({
        rest: 'POST /sign-up/email',
        operationId: 'signUpEmail',
        summary: 'Signs up with e-mail and password',
        description: 'Sets the session cookie, unless sign-up does not sign in; then `token` is null.',
        errors: signUpErrors,
        limit: credentialLimit,
        form: true,
        sessionCookie: 'set',
        signsIn: true,
        tags: ['Email and password'],
      })
      .input(withFields<typeof shape, WithUserInput>(shape, schemas.userInput, required))
      .output(z.object({ token: z.union([z.string(), z.null()]), user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input }) => signUp(auth, input as SignUp & Draft)),
  }
}

/**
 * Signs up with a password, and in where sign-up does that.
 * @param input as `/sign-up/email` takes it; with `isMailbox: false` the address stands for none and nothing is mailed
 */
export async function signUp(
  auth: AuthContext,
  { isMailbox = true, ...input }: SignUp & Draft & { isMailbox?: boolean },
): Promise<{ token: string | null; user: User }> {
  const { enabled, disableSignUp, autoSignIn, requireEmailVerification } = auth.kernel.options.emailAndPassword
  if (!enabled || disableSignUp) throw new AuthError(passwordErrors.EMAIL_PASSWORD_SIGN_UP_DISABLED)
  const fields = await chooseFields(auth, input)
  await assertAcceptable(auth, input.password)
  const taken = await findUserByEmail(auth, input.email)
  // Hashed before the outcome is known: a taken address takes as long as a new one.
  const hash = await auth.kernel.hasher.hash(input.password)
  const signsIn = autoSignIn && !requireEmailVerification
  if (taken) return answerTaken(auth, fields, signsIn)
  try {
    return await createAll(auth, { ...input, fields, hash, signsIn, isMailbox })
  } catch (error) {
    if (!(error instanceof UniqueViolation && error.model === 'user')) throw error
    // Another sign-up got in between with this address; or another unique value is taken, which is refused now.
    if (await findUserByEmail(auth, input.email)) return answerTaken(auth, fields, signsIn)
    await chooseFields(auth, input)
    throw new AuthError(passwordErrors.FIELD_VALUE_TAKEN)
  }
}

async function chooseFields(auth: AuthContext, { name, email, image, ...rest }: SignUp & Draft) {
  const additional = parseFields(additionalFieldsOf(auth.kernel.schema, 'user'), rest, 'create')
  const fields = { ...additional, name, email, image: image ?? null }
  return (await auth.kernel.hooks.userFieldsChosen({ fields, user: null }, auth)) as Draft & SignUp
}

/** User, password and session are one unit: all of them or none. */
async function createAll(
  auth: AuthContext,
  {
    fields,
    hash,
    signsIn,
    isMailbox,
    rememberMe = true,
    callbackURL,
  }: SignUp & { fields: Draft & SignUp; hash: string; signsIn: boolean; isMailbox: boolean },
): Promise<{ token: string | null; user: User }> {
  const start = { rememberMe }
  const { emailAndPassword, emailVerification } = auth.kernel.options
  const { user, session } = await auth.kernel.unitOfWork.run(async () => {
    const user = await createUser(auth, fields)
    await createAccount(auth, { userId: user.id, accountId: user.id, providerId: CREDENTIAL, password: hash })
    return { user, session: signsIn ? await createSession(auth, user, start) : undefined }
  })
  if (isMailbox) {
    if (emailVerification.sendOnSignUp ?? emailAndPassword.requireEmailVerification) {
      mailVerification(auth, user, callbackURL)
    }
    await auth.kernel.unitOfWork.afterCommit(() => auth.kernel.hooks.tell('signedUp', user, auth))
  }
  if (!session) return { token: null, user }
  sendSession(auth, { session, user }, start)
  return { token: session.token, user }
}
