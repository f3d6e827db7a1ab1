import { z } from 'zod'
import { LONGEST_PASSWORD } from '../../src/accounts.ts'
import { fieldErrors, type WithUserInput, withFields } from '../../src/additional-fields.ts'
import type { AuthContext, Draft } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { emailInput, findUserByEmail, normalizeEmail } from '../../src/users.ts'
import { type SignUp, signUp, signUpErrors } from '../email-password/index.ts'
import { chosenErrors } from './errors.ts'
import { readUsername } from './names.ts'
import type { UsernameRules } from './options.ts'

const shape = {
  username: z.string().max(255),
  displayUsername: z.string().max(1024).optional(),
  password: z.string().min(1).max(LONGEST_PASSWORD),
  email: emailInput.optional(),
  name: z.string().max(1024).optional(),
  image: z.string().max(65_536).optional(),
  callbackURL: z.string().max(2048).optional(),
  rememberMe: z.boolean().optional(),
}

type Given = { [Key in keyof typeof shape]: z.infer<(typeof shape)[Key]> } & Draft

export function signUpProcedures({ procedure, schemas }: ProcedureBuilder, rules: UsernameRules) {
  const required = ['username', 'password', ...schemas.requiredUserInput]
  return {
    username: procedure
      .public({
        rest: 'POST /sign-up/username',
        operationId: 'signUpUsername',
        summary: 'Signs up with username and password',
        description:
          'Like `/sign-up/email`, except that without `email` the user has an address at `username.local`, ' +
          'which stands for no mailbox: nothing is mailed to it, and such a user cannot reset a password by mail.',
        errors: signUpErrors,
        form: true,
        sessionCookie: 'set',
        signsIn: true,
        tags: ['Username'],
      })
      .input(withFields<typeof shape, WithUserInput>(shape, schemas.userInput, required))
      .output(z.object({ token: z.union([z.string(), z.null()]), user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const given = input as Given
        const name = given.name || given.displayUsername || given.username
        if (given.email) return signUp(auth, { ...given, name } as SignUp & Draft)
        const email = await placeholder(auth, rules, given.username)
        return signUp(auth, { ...given, name, email, isMailbox: false } as SignUp & Draft)
      }),
  }
}

/**
 * The address of a user without one.
 * @throws MISSING_FIELD where an address has to be proven, USERNAME_IS_ALREADY_TAKEN
 */
async function placeholder(auth: AuthContext, rules: UsernameRules, given: string): Promise<string> {
  if (auth.kernel.options.emailAndPassword.requireEmailVerification) {
    throw new AuthError(fieldErrors.MISSING_FIELD, { message: 'email is required' })
  }
  const email = normalizeEmail(`${await readUsername(rules, given, chosenErrors)}@username.local`)
  // Names that differ in case only have one address; a made-up one tells nothing about anybody.
  if (await findUserByEmail(auth, email)) throw new AuthError(chosenErrors.USERNAME_IS_ALREADY_TAKEN)
  return email
}
