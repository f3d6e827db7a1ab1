import { z } from 'zod'
import type { Session, User } from '../../entities/index.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { proveMailbox } from '../../src/mailbox-proof.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { createSession, sendSession } from '../../src/sessions.ts'
import { findUserByEmail } from '../../src/users.ts'
import { spendCode } from './codes.ts'
import { addressErrors, codeErrors } from './errors.ts'
import { address, assertAddress, otp } from './inputs.ts'
import type { OtpSettings } from './options.ts'

/** `emailOtp.verifyEmail` */
export function verifyEmailProcedures({ procedure, schemas }: ProcedureBuilder, settings: OtpSettings) {
  return {
    verifyEmail: procedure
      .public({
        rest: 'POST /email-otp/verify-email',
        operationId: 'verifyEmailOTP',
        summary: 'Proves an address with a mailed code',
        description: 'Signs in with `emailVerification.autoSignInAfterVerification`; else `token` is null.',
        errors: [...Object.values(addressErrors), ...Object.values(codeErrors)],
        limit: settings.limit,
        sessionCookie: 'set',
        tags: ['Email OTP'],
      })
      .input(z.object({ email: address, otp }))
      .output(z.object({ status: z.boolean(), token: z.union([z.string(), z.null()]), user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input }) => {
        assertAddress(input.email)
        await spendCode(auth, settings, { type: 'email-verification', ...input })
        const user = await findUserByEmail(auth, input.email)
        // Told to whoever has the mailbox.
        if (!user) throw new AuthError(addressErrors.USER_NOT_FOUND)
        const proven = await prove(auth, settings, user)
        if (proven.session) sendSession(auth, { session: proven.session, user: proven.user })
        return { status: true, token: proven.session?.token ?? null, user: proven.user }
      }),
  }
}

async function prove(
  auth: AuthContext,
  settings: OtpSettings,
  user: User,
): Promise<{ user: User; session: Session | undefined }> {
  const { unitOfWork, options } = auth.kernel
  const { beforeEmailVerification, afterEmailVerification, autoSignInAfterVerification } = options.emailVerification
  if (!user.emailVerified) await askApplication(() => beforeEmailVerification?.(user, auth.request?.()))
  const outcome = await unitOfWork.run(async () => {
    const proof = user.emailVerified ? null : await proveMailbox(auth, user)
    const current = proof ?? { ...user, emailVerified: true }
    const session = autoSignInAfterVerification ? await startSession(auth, settings, current) : undefined
    return { proof, user: current, session }
  })
  const { proof } = outcome
  if (proof)
    await tellApplication(auth, 'afterEmailVerification', () => afterEmailVerification?.(proof, auth.request?.()))
  return outcome
}

/** None where a plugin asks for a second step: whoever proves an address has not asked to sign in. */
async function startSession(auth: AuthContext, settings: OtpSettings, user: User): Promise<Session | undefined> {
  const event = { user, rememberMe: true }
  const challenge = settings.skipSecondFactor
    ? undefined
    : await auth.kernel.hooks.ask('credentialVerified', event, auth)
  return challenge ? undefined : createSession(auth, user)
}
