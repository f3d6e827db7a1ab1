import { AuthError, definePlugin, type Plugin } from '../../src/index.ts'
import { redeemCode } from './codes.ts'
import { inviteCodeErrors } from './errors.ts'
import { INVITE_CODE_MODELS } from './fields.ts'
import { type InviteCodeRouter, inviteCodeProcedures } from './procedures.ts'

export interface InviteCodeOptions {
  /** Unused codes that one user can have at a time. Default 3. */
  codesPerUser?: number
}

/**
 * Only who was given a code can sign up: it comes in the header `x-invite-code`. The application itself needs none.
 * @throws when `codesPerUser` makes no sense
 */
export function inviteCodes({
  codesPerUser = 3,
}: InviteCodeOptions = {}): Plugin<InviteCodeRouter, typeof INVITE_CODE_MODELS> {
  if (!(codesPerUser > 0)) throw new Error('inviteCodes: codesPerUser must be a positive number')
  return definePlugin<InviteCodeRouter, typeof INVITE_CODE_MODELS>({
    id: 'invite-codes',
    schema: INVITE_CODE_MODELS,
    procedures: builder => inviteCodeProcedures(builder, codesPerUser),
    hookErrors: [inviteCodeErrors.INVITE_CODE_REQUIRED, inviteCodeErrors.INVALID_INVITE_CODE],
    hooks: {
      userCreating: async (_draft, auth) => {
        // A call within the process is the application's own.
        if (auth.method === undefined) return
        const code = auth.headers.get('x-invite-code')
        if (!code) throw new AuthError(inviteCodeErrors.INVITE_CODE_REQUIRED)
        await redeemCode(auth.kernel, code)
      },
    },
  })
}
