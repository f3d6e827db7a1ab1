import { z } from 'zod'
import { redirectTo } from '../../src/meta.ts'
import { type CallbackRules, callbackFields } from '../../src/oauth/callback-answer.ts'
import { addressOfForm, formCallback } from '../../src/oauth-flow/callback.ts'
import { followCallback } from '../../src/oauth-flow/follow-callback.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { providerId } from './input.ts'

const input = z.object({ id: providerId, ...callbackFields })
const tags = ['Social sign-in']

const rules: CallbackRules = {
  errors: { code: 'invalid_code', user: 'unable_to_get_user_info', email: 'email_not_found' },
}

export function callbackProcedures({ procedure }: ProcedureBuilder) {
  return {
    callback: procedure
      .public({
        rest: 'GET /callback/:id',
        operationId: 'callbackOAuth',
        summary: 'Where a provider sends the browser back to: signs in, or links the login',
        description: 'Redirects to the address that was given at the beginning, or to its error page with `error`.',
        redirect: true,
        sessionCookie: 'set',
        tags,
      })
      .input(input)
      .output(z.object({ url: z.string() }))
      .mutation(async ({ ctx: { auth }, input }) => redirectTo(await followCallback(auth, input, rules))),

    callbackForm: procedure
      .public({
        rest: 'POST /callback/:id',
        operationId: 'callbackOAuthForm',
        ...formCallback,
        tags,
      })
      .input(input)
      .output(z.object({ url: z.string() }))
      .mutation(({ ctx: { auth }, input: { id, ...fields } }) =>
        redirectTo(addressOfForm(auth, `/callback/${encodeURIComponent(id)}`, fields)),
      ),
  }
}
