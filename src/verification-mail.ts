import { z } from 'zod'
import type { User } from '../entities/index.ts'
import type { AuthContext, RequestContext } from './context.ts'

const PURPOSE = 'email-verification'

const claimsSchema = z.object({
  /** The user's id: a link that was mailed to one user proves nothing for another who has the address later. */
  sub: z.string(),
  email: z.string(),
  updateTo: z.string().optional(),
  requestType: z.enum(['change-email-confirmation', 'change-email-verification']).optional(),
})

/** What a link of `GET /verify-email` says, beside its times. */
export type EmailClaims = z.infer<typeof claimsSchema>

/** The claims of a link's token, or why there are none. */
export async function readEmailToken(
  { kernel }: RequestContext,
  token: string,
): Promise<EmailClaims | 'expired' | 'invalid'> {
  const reading = await kernel.keys.readToken(PURPOSE, token, kernel.now())
  if ('problem' in reading) return reading.problem
  const parsed = claimsSchema.safeParse(reading.claims)
  return parsed.success ? parsed.data : 'invalid'
}

export interface EmailLink {
  url: string
  token: string
}

/**
 * Makes the link of `GET /verify-email` that says `claims`.
 * @param callbackURL where it leads in the end, checked before; default the root of the site
 */
export async function createEmailLink(
  { kernel, baseURL }: RequestContext,
  claims: EmailClaims,
  callbackURL: string | undefined,
): Promise<EmailLink> {
  const { expiresIn } = kernel.options.emailVerification
  const token = await kernel.keys.issueToken(PURPOSE, claims, { now: kernel.now(), expiresIn })
  const url = `${baseURL}/verify-email?token=${token}&callbackURL=${encodeURIComponent(callbackURL || '/')}`
  return { url, token }
}

/** Whether owners of addresses are asked to prove them: by the mailed link, or in the way of a plugin. */
export function isVerificationMailed({ kernel }: RequestContext): boolean {
  return Boolean(kernel.hooks.verificationAsked ?? kernel.options.emailVerification.sendVerificationEmail)
}

/**
 * Mails the link that proves the user's address, after the response; where the application sends none, a plugin may have
 * a way of its own.
 * @param callbackURL where the link leads in the end
 */
export function mailVerification(auth: AuthContext, user: User, callbackURL: string | undefined): void {
  const { hooks, options, background } = auth.kernel
  const { sendVerificationEmail } = options.emailVerification
  const { verificationAsked } = hooks
  if (sendVerificationEmail) {
    background(async () => {
      const link = await createEmailLink(auth, { sub: user.id, email: user.email }, callbackURL)
      await sendVerificationEmail({ user, ...link }, auth.request?.())
    })
  } else if (verificationAsked) background(() => verificationAsked(user, auth))
}

/**
 * Mails the link that makes `newEmail` the user's address to that address.
 * @param callbackURL where the link leads in the end
 */
export async function mailChange(
  auth: RequestContext,
  { user, newEmail }: { user: User; newEmail: string },
  callbackURL: string | undefined,
): Promise<void> {
  const requestType = 'change-email-verification'
  const claims = { sub: user.id, email: user.email, updateTo: newEmail, requestType } as const
  const link = await createEmailLink(auth, claims, callbackURL)
  const { sendVerificationEmail } = auth.kernel.options.emailVerification
  await sendVerificationEmail?.({ user: { ...user, email: newEmail }, ...link }, auth.request?.())
}
