import { z } from 'zod'
import { createTokenRefresher } from '../../src/oauth-flow/refresh.ts'
import type { ProcedureBuilder, ServerProcedureBuilder } from '../../src/plugin.ts'
import { accountChoice } from './accounts.ts'
import { tokenErrors } from './errors.ts'
import { infoProcedures } from './info.ts'
import { accessTokenAnswer, accessTokenOf, commonErrors, refreshAnswer, refreshTokensOf } from './tokens.ts'

const tags = ['Linked accounts']
const accessTokenErrors = [...commonErrors, tokenErrors.FAILED_TO_GET_ACCESS_TOKEN]

const refreshErrors = [
  ...commonErrors,
  tokenErrors.TOKEN_REFRESH_NOT_SUPPORTED,
  tokenErrors.REFRESH_TOKEN_NOT_FOUND,
  tokenErrors.FAILED_TO_REFRESH_ACCESS_TOKEN,
]

export function tokenProcedures({ procedure }: ProcedureBuilder) {
  const refresher = createTokenRefresher()
  return {
    getAccessToken: procedure
      .session({
        rest: 'POST /get-access-token',
        operationId: 'getAccessToken',
        ownerOnly: true,
        summary: "An access token of the signed-in user's login at a provider, refreshed when it is about to end",
        errors: accessTokenErrors,
        tags,
      })
      .input(z.object(accountChoice))
      .output(accessTokenAnswer)
      .mutation(({ ctx: { auth }, input }) =>
        accessTokenOf(auth, { ...input, userId: auth.signedIn.user.id }, refresher),
      ),

    refreshToken: procedure
      .session({
        rest: 'POST /refresh-token',
        operationId: 'refreshToken',
        ownerOnly: true,
        summary: "New tokens of the signed-in user's login at a provider",
        errors: refreshErrors,
        tags,
      })
      .input(z.object(accountChoice))
      .output(refreshAnswer)
      .mutation(({ ctx: { auth }, input }) =>
        refreshTokensOf(auth, { ...input, userId: auth.signedIn.user.id }, refresher),
      ),

    ...infoProcedures(procedure, refresher),
  }
}

/** `account.getAccessTokenOf` and `account.refreshTokenOf` */
export function socialServerProcedures({ procedure }: ServerProcedureBuilder) {
  const refresher = createTokenRefresher()
  const input = z.object({ ...accountChoice, userId: z.string().max(255) })
  return {
    account: {
      getAccessTokenOf: procedure
        .public({
          operationId: 'getAccessTokenOf',
          summary: "An access token of any user's login at a provider, on behalf of the application itself",
          errors: accessTokenErrors,
          tags,
        })
        .input(input)
        .output(accessTokenAnswer)
        .mutation(({ ctx: { auth }, input }) => accessTokenOf(auth, input, refresher)),

      refreshTokenOf: procedure
        .public({
          operationId: 'refreshTokenOf',
          summary: "New tokens of any user's login at a provider, on behalf of the application itself",
          errors: refreshErrors,
          tags,
        })
        .input(input)
        .output(refreshAnswer)
        .mutation(({ ctx: { auth }, input }) => refreshTokensOf(auth, input, refresher)),
    },
  }
}

export interface SocialServerRouter extends ReturnType<typeof socialServerProcedures> {}
