import { z } from 'zod'
import type { Account } from '../../entities/index.ts'
import type { SignedInContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { OAuthError } from '../../src/oauth/oauth-error.ts'
import type { ProviderUserInfo } from '../../src/oauth/provider.ts'
import { readAccountCookie } from '../../src/oauth-flow/account-cookie.ts'
import { accountsOf } from '../../src/oauth-flow/provider-accounts.ts'
import type { TokenRefresher } from '../../src/oauth-flow/refresh.ts'
import type { BaseProcedures } from '../../src/trpc.ts'
import { accountErrors, providerErrors, tokenErrors } from './errors.ts'
import { accessTokenOf } from './tokens.ts'

const info = z.object({
  user: z.object({
    id: z.string(),
    name: z.string().optional(),
    email: z.union([z.string(), z.null()]).optional(),
    image: z.string().optional(),
    emailVerified: z.boolean(),
  }),
  data: z.record(z.string(), z.unknown()),
})

export function infoProcedures(procedure: BaseProcedures, refresher: TokenRefresher) {
  return {
    info: procedure
      .session({
        rest: 'GET /account-info',
        operationId: 'accountInfo',
        summary: "What a provider tells about the signed-in user's login there",
        description: '`accountId` is the subject at the provider. Without it the login in the account cookie is meant.',
        errors: [
          accountErrors.ACCOUNT_NOT_FOUND,
          providerErrors.PROVIDER_NOT_CONFIGURED,
          tokenErrors.PROVIDER_NOT_SUPPORTED,
          tokenErrors.FAILED_TO_GET_ACCESS_TOKEN,
          tokenErrors.ACCESS_TOKEN_NOT_FOUND,
        ],
        tags: ['Linked accounts'],
      })
      .input(z.object({ accountId: z.string().max(255).optional() }).optional())
      .output(z.union([info, z.null()]))
      // It may refresh tokens.
      .mutation(async ({ ctx: { auth }, input }) => accountInfo(auth, input?.accountId, refresher)),
  }
}

async function accountInfo(
  auth: SignedInContext,
  accountId: string | undefined,
  refresher: TokenRefresher,
): Promise<ProviderUserInfo | null> {
  const account = await chosenAccount(auth, accountId)
  if (!account) throw new AuthError(accountErrors.ACCOUNT_NOT_FOUND)
  const provider = await auth.kernel.providers.find(account.providerId)
  if (!provider) throw new AuthError(providerErrors.PROVIDER_NOT_CONFIGURED)
  const { userId, providerId } = account
  const tokens = await accessTokenOf(auth, { userId, providerId, accountId: account.accountId }, refresher)
  if (!tokens.accessToken) throw new AuthError(tokenErrors.ACCESS_TOKEN_NOT_FOUND)
  // The id token was verified before it was stored.
  const request = { ...tokens, idTokenVerified: true }
  return provider.userInfo(request, auth.kernel.fetch).catch((error: unknown) => {
    if (!(error instanceof OAuthError)) throw error
    auth.kernel.log.warn?.(`the provider "${provider.id}" tells nothing`, error)
    return null
  })
}

async function chosenAccount(auth: SignedInContext, accountId: string | undefined): Promise<Account | undefined> {
  const { id } = auth.signedIn.user
  if (!accountId) return readAccountCookie(auth, id)
  return (await accountsOf(auth, id)).find(account => account.accountId === accountId)
}
