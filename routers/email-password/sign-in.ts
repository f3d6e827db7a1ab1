import { z } from 'zod'
import { LONGEST_PASSWORD } from '../../src/accounts.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { findUserByEmail, normalizeEmail } from '../../src/users.ts'
import { passwordErrors } from './errors.ts'
import { credentialLimit } from './limits.ts'
import { signedInSchema, signInWithPassword } from './password-sign-in.ts'

const input = z.object({
  email: z.string().max(255).overwrite(normalizeEmail),
  password: z.string().max(LONGEST_PASSWORD),
  callbackURL: z.string().max(2048).optional(),
  rememberMe: z.boolean().optional(),
})

const refusals = { wrong: passwordErrors.INVALID_CREDENTIALS, unproven: passwordErrors.EMAIL_NOT_VERIFIED }

export function signInProcedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    email: procedure
      .public({
        rest: 'POST /sign-in/email',
        operationId: 'signInEmail',
        summary: 'Signs in with e-mail and password',
        description:
          'Sets the session cookie. A wrong password and an unknown address are answered alike, in time too.',
        errors: [
          passwordErrors.EMAIL_PASSWORD_DISABLED,
          passwordErrors.INVALID_EMAIL,
          passwordErrors.INVALID_CREDENTIALS,
          passwordErrors.EMAIL_NOT_VERIFIED,
          errors.SERVICE_BUSY,
        ],
        limit: credentialLimit,
        form: true,
        sessionCookie: 'set',
        signsIn: true,
        tags: ['Email and password'],
      })
      .input(input)
      .output(signedInSchema(schemas))
      .mutation(async ({ ctx: { auth }, input }) => {
        const { email } = input
        if (!auth.kernel.options.emailAndPassword.enabled) throw new AuthError(passwordErrors.EMAIL_PASSWORD_DISABLED)
        if (!z.email().safeParse(email).success) throw new AuthError(passwordErrors.INVALID_EMAIL)
        const user = await findUserByEmail(auth, email)
        return signInWithPassword(auth, { ...input, user, countedAs: user?.email ?? email }, refusals)
      }),
  }
}
