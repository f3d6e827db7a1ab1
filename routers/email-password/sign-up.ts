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

type SignUp = { [Key in keyof typeof shape]: z.infer<(typeof shape)[Key]> }

export function signUpProcedures({ procedure, schemas }: ProcedureBuilder) {
  const required = ['name', 'email', 'password', ...schemas.requiredUserInput]
  return {
    email: procedure
      .public({
        rest: 'POST /sign-up/email',
        operationId: 'signUpEmail',
        summary: 'Signs up with e-mail and password',
        description: 'Sets the session cookie, unless sign-up does not sign in; then `token` is null.',
        errors: [
          passwordErrors.EMAIL_PASSWORD_SIGN_UP_DISABLED,
          passwordErrors.EMAIL_ALREADY_IN_USE,
          passwordErrors.FIELD_NOT_ALLOWED,
          passwordErrors.MISSING_FIELD,
          ...choiceErrors,
        ],
        limit: credentialLimit,
        form: true,
        sessionCookie: 'set',
        tags: ['Email and password'],
      })
      .input(withFields<typeof shape, WithUserInput>(shape, schemas.userInput, required))
      .output(z.object({ token: z.union([z.string(), z.null()]), user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input }) => signUp(auth, input as SignUp & Draft)),
  }
}

async function signUp(auth: AuthContext, input: SignUp & Draft): Promise<{ token: string | null; user: User }> {
  const { enabled, disableSignUp, autoSignIn, requireEmailVerification } = auth.kernel.options.emailAndPassword
  if (!enabled || disableSignUp) throw new AuthError(passwordErrors.EMAIL_PASSWORD_SIGN_UP_DISABLED)
  await assertAcceptable(auth, input.password)
  const fields = userDraft(auth, input)
  const taken = await findUserByEmail(auth, input.email)
  // Hashed before the outcome is known: a taken address takes as long as a new one.
  const hash = await auth.kernel.hasher.hash(input.password)
  const signsIn = autoSignIn && !requireEmailVerification
  if (taken) return answerTaken(auth, fields, signsIn)
  const { callbackURL, rememberMe = true } = input
  try {
    return await createAll(auth, { fields, hash, signsIn, rememberMe, callbackURL })
  } catch (error) {
    // Another sign-up with this address got in between.
    if (error instanceof UniqueViolation && error.model === 'user') return answerTaken(auth, fields, signsIn)
    throw error
  }
}

function userDraft(auth: AuthContext, { name, email, image, ...rest }: SignUp & Draft): Draft & SignUp {
  return {
    ...parseFields(additionalFieldsOf(auth.kernel.schema, 'user'), rest, 'create'),
    name,
    email,
    image: image ?? null,
  } as Draft & SignUp
}

/** User, password and session are one unit: all of them or none. */
async function createAll(
  auth: AuthContext,
  {
    fields,
    hash,
    signsIn,
    rememberMe,
    callbackURL,
  }: { fields: Draft & SignUp; hash: string; signsIn: boolean; rememberMe: boolean; callbackURL: string | undefined },
): Promise<{ token: string | null; user: User }> {
  const start = { rememberMe }
  const { emailAndPassword, emailVerification } = auth.kernel.options
  const { user, session } = await auth.kernel.unitOfWork.run(async () => {
    const user = await createUser(auth, fields)
    await createAccount(auth, { userId: user.id, accountId: user.id, providerId: CREDENTIAL, password: hash })
    return { user, session: signsIn ? await createSession(auth, user, start) : undefined }
  })
  const isMailed = emailVerification.sendOnSignUp ?? emailAndPassword.requireEmailVerification
  if (isMailed) mailVerification(auth, user, callbackURL)
  if (!session) return { token: null, user }
  sendSession(auth, { session, user }, start)
  return { token: session.token, user }
}
