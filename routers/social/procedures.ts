import type { ProcedureBuilder } from '../../src/plugin.ts'
import { accountProcedures } from './accounts.ts'
import { callbackProcedures } from './callback.ts'
import { linkProcedures } from './link.ts'
import { signInProcedures } from './sign-in.ts'
import { tokenProcedures } from './token-procedures.ts'

/**
 * `signIn.social`, `social.callback` and `.callbackForm`, `account.list`, `.unlink`, `.linkSocial`, `.getAccessToken`,
 * `.refreshToken` and `.info`
 */
export function socialProcedures(builder: ProcedureBuilder) {
  return {
    signIn: signInProcedures(builder),
    social: callbackProcedures(builder),
    account: { ...accountProcedures(builder), ...linkProcedures(builder), ...tokenProcedures(builder) },
  }
}

export interface SocialRouter extends ReturnType<typeof socialProcedures> {}
