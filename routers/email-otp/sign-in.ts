import { z } from 'zod'
import { fieldErrors, type WithUserInput, withFields } from '../../src/additional-fields.ts'
import type { Draft } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { signInByMailbox } from '../../src/mailbox-sign-in.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { sendSession } from '../../src/sessions.ts'
import { spendCode } from './codes.ts'
import { codeErrors } from './errors.ts'
import { address, otp } from './inputs.ts'
import type { OtpSettings } from './options.ts'

const shape = {
  email: address,
  otp,
  name: z.string().max(1024).optional(),
  image: z.string().max(65_536).optional(),
}

type Given = { [Key in keyof typeof shape]: z.infer<(typeof shape)[Key]> } & Draft

/** `signIn.emailOtp` */
export function signInProcedures({ procedure, schemas }: ProcedureBuilder, settings: OtpSettings) {
  return {
    emailOtp: procedure
      .public({
        rest: ['POST /sign-in/email-otp', { line: 'POST /email-otp/verify', operationId: 'signInByEmailOTP' }],
        operationId: 'signInEmailOTP',
        summary: 'Signs in with a mailed code, and up where the address has no user',
        description:
          'Sets the session cookie. A first sign-in proves the address and deletes passwords, logins and sessions of ' +
          'before. `name`, `image` and additional fields are those of a new user.',
        errors: [...Object.values(codeErrors), ...Object.values(fieldErrors)],
        limit: settings.limit,
        sessionCookie: 'set',
        signsIn: true,
        tags: ['Email OTP'],
      })
      .input(withFields<typeof shape, WithUserInput>(shape, schemas.userInput, ['email', 'otp']))
      .output(schemas.orChallenge(z.object({ token: z.string(), user: schemas.user })))
      .mutation(async ({ ctx: { auth }, input }) => {
        const { email, otp: entered, name = '', ...fields } = input as Given
        await spendCode(auth, settings, { type: 'sign-in', email, otp: entered })
        const newUser = settings.disableSignUp ? undefined : { ...fields, name }
        const signedIn = await signInByMailbox(auth, { email, newUser, skipsSecondFactor: settings.skipSecondFactor })
        if (!signedIn) throw new AuthError(codeErrors.INVALID_OTP)
        if ('challenge' in signedIn) return signedIn.challenge
        const { user, session } = signedIn
        sendSession(auth, { session, user })
        return { token: session.token, user }
      }),
  }
}
