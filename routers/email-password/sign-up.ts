import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { additionalFieldsOf, type User } from '../../entities/index.ts'
import { CREDENTIAL, createAccount } from '../../src/accounts.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import { parseFields, type WithUserInput, withFields } from '../../src/additional-fields.ts'
import type { AuthContext, Draft } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { createSession, sendSession } from '../../src/sessions.ts'
import { createUser, findUserByEmail, normalizeEmail } from '../../src/users.ts'
import { passwordErrors } from './errors.ts'
import { credentialLimit } from './limits.ts'
import { assertAcceptable, choiceErrors, LONGEST_INPUT } from './passwords.ts'

const shape = {
  name: z.string().max(1024),
  email: z.string().max(255).overwrite(normalizeEmail).email(),
  password: z.string().min(1).max(LONGEST_INPUT),
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
  if (taken) return refuseTaken(auth, fields, signsIn)
  try {
    return await createAll(auth, { fields, hash, signsIn, rememberMe: input.rememberMe ?? true })
  } catch (error) {
    // Another sign-up with this address got in between.
    if (error instanceof UniqueViolation && error.model === 'user') return refuseTaken(auth, fields, signsIn)
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
  }: { fields: Draft & SignUp; hash: string; signsIn: boolean; rememberMe: boolean },
): Promise<{ token: string | null; user: User }> {
  const start = { rememberMe }
  const { user, session } = await auth.kernel.unitOfWork.run(async () => {
    const user = await createUser(auth, fields)
    await createAccount(auth, { userId: user.id, accountId: user.id, providerId: CREDENTIAL, password: hash })
    return { user, session: signsIn ? await createSession(auth, user, start) : undefined }
  })
  if (!session) return { token: null, user }
  sendSession(auth, { session, user }, start)
  return { token: session.token, user }
}

/** Where sign-up does not sign in, the answer need not tell that an address is taken, and so it does not. */
function refuseTaken({ kernel }: AuthContext, fields: Draft & SignUp, signsIn: boolean): { token: null; user: User } {
  if (signsIn) throw new AuthError(passwordErrors.EMAIL_ALREADY_IN_USE)
  const now = kernel.now()
  const user = {
    ...fields,
    id: kernel.newId('user') ?? String(randomInt(1, 2 ** 31)),
    emailVerified: false,
    createdAt: now,
    updatedAt: now,
  }
  return { token: null, user: user as unknown as User }
}
