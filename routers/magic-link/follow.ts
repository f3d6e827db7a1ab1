import { fieldErrors } from '../../src/additional-fields.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, inDialect } from '../../src/errors.ts'
import { type MailboxSignedIn, signInByMailbox } from '../../src/mailbox-sign-in.ts'
import { writeErrors } from '../../src/writes.ts'
import type { MagicLinkSettings } from './options.ts'
import { takeToken } from './tokens.ts'

/** Why a link did not sign in: the value of `error` in the address it leads to. */
export interface LinkFailure {
  error: string
}

/** What the wire calls refusals that are not about the link itself. */
const NAMES: Record<string, string> = {
  [writeErrors.FAILED_TO_CREATE_USER.code]: 'failed_to_create_user',
  [fieldErrors.MISSING_FIELD.code]: 'failed_to_create_user',
  [writeErrors.FAILED_TO_CREATE_SESSION.code]: 'failed_to_create_session',
}

/** Signs in whoever follows a link. It is used up by that, whatever comes of it. */
export async function followLink(
  auth: AuthContext,
  settings: MagicLinkSettings,
  token: string,
): Promise<NonNullable<MailboxSignedIn> | LinkFailure> {
  const owner = await takeToken(auth, settings, token)
  if (!owner) return { error: 'INVALID_TOKEN' }
  if (owner === 'expired') return { error: 'EXPIRED_TOKEN' }
  const { email, name = '' } = owner
  const newUser = settings.disableSignUp ? undefined : { name }
  try {
    const signedIn = await signInByMailbox(auth, { email, newUser, skipsSecondFactor: settings.skipSecondFactor })
    return signedIn ?? { error: 'new_user_signup_disabled' }
  } catch (thrown) {
    // A plugin or the application refuses: whoever follows a link sees a page, and no JSON.
    if (!(thrown instanceof AuthError) || thrown.status >= 500) throw thrown
    const { authCode } = inDialect(thrown, auth.kernel.options.dialect)
    return { error: NAMES[authCode] ?? authCode }
  }
}
