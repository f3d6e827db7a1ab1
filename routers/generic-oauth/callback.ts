import { z } from 'zod'
import { redirectTo } from '../../src/meta.ts'
import { type CallbackRules, callbackFields } from '../../src/oauth/callback-answer.ts'
import { addressOfForm, formCallback } from '../../src/oauth-flow/callback.ts'
import { followCallback } from '../../src/oauth-flow/follow-callback.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { genericOAuthErrors, unknownProvider } from './errors.ts'

const input = z.object({ providerId: z.string().max(128), ...callbackFields })
const tags = ['OAuth sign-in']

export function callbackProcedures({ procedure }: ProcedureBuilder, ids: ReadonlySet<string>) {
  const rules = rulesFor(ids)
  return {
    callback: procedure
      .public({
        rest: 'GET /oauth2/callback/:providerId',
        operationId: 'oAuth2Callback',
        summary: 'Where a configured provider sends the browser back to: signs in, or links the login',
        description: 'Redirects to the address that was given at the beginning, or to its error page with `error`.',
        errors: [genericOAuthErrors.PROVIDER_CONFIG_NOT_FOUND],
        redirect: true,
        sessionCookie: 'set',
        tags,
      })
      .input(input)
      .output(z.object({ url: z.string() }))
      .mutation(async ({ ctx: { auth }, input: { providerId: id, ...answer } }) =>
        redirectTo(await followCallback(auth, { id, ...answer }, rules)),
      ),

    callbackForm: procedure
      .public({
        rest: 'POST /oauth2/callback/:providerId',
        operationId: 'oAuth2CallbackForm',
        ...formCallback,
        tags,
      })
      .input(input)
      .output(z.object({ url: z.string() }))
      .mutation(({ ctx: { auth }, input: { providerId, ...fields } }) =>
        redirectTo(addressOfForm(auth, `/oauth2/callback/${encodeURIComponent(providerId)}`, fields)),
      ),
  }
}

function rulesFor(ids: ReadonlySet<string>): CallbackRules {
  return {
    early: ({ id, code, state, error, error_description = '' }): Record<string, string> | undefined => {
      // Before the flow is known, as in Better Auth: so it can still be ended by the right answer.
      if (error || !code) return { error: error ?? 'oAuth_code_missing', error_description }
      if (!ids.has(id)) throw unknownProvider(id)
      return state ? undefined : { error: 'please_restart_the_process' }
    },
    errors: {
      code: 'oauth_code_verification_failed',
      user: 'user_info_is_missing',
      email: 'email_is_missing',
      name: 'name_is_missing',
    },
    // Many of these providers never say that an address is proven.
    linksUnproven: true,
  }
}
