import { z } from 'zod'
import type { SignedInContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import { type LinkProblem, linkLogin } from '../../src/oauth-flow/linking.ts'
import { findProviderAccount } from '../../src/oauth-flow/provider-accounts.ts'
import { emailOf } from '../../src/oauth-flow/provider-user.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { idTokenErrors, linkErrors, providerErrors } from './errors.ts'
import { broughtIdToken, flowShape } from './input.ts'
import { beginAtProvider, loginByIdToken, requireProvider } from './providers.ts'

const input = z.object({ ...flowShape, idToken: broughtIdToken.optional() })
const linked = { url: '', status: true, redirect: false }

const PROBLEMS: Record<LinkProblem, (typeof linkErrors)[keyof typeof linkErrors]> = {
  unable_to_link_account: linkErrors.LINKING_NOT_ALLOWED,
  "email_doesn't_match": linkErrors.LINKING_DIFFERENT_EMAILS_NOT_ALLOWED,
  account_already_linked_to_different_user: linkErrors.LINKING_FAILED,
}

export function linkProcedures({ procedure }: ProcedureBuilder) {
  return {
    linkSocial: procedure
      .sensitive({
        rest: 'POST /link-social',
        operationId: 'linkSocialAccount',
        ownerOnly: true,
        summary: 'Makes a login at another site one more way to sign in as the signed-in user',
        description:
          'Answers where to send the browser, which comes back to `GET /callback/{id}`. With `idToken` it links at once.',
        errors: [...Object.values(providerErrors), ...Object.values(idTokenErrors), ...Object.values(linkErrors)],
        tags: ['Linked accounts'],
      })
      .input(input)
      .output(z.object({ url: z.string(), status: z.boolean().optional(), redirect: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const provider = await requireProvider(auth, input.provider)
        if (input.idToken) return linkByIdToken(auth, provider, input.idToken)
        return beginAtProvider(auth, provider, { input, link: { userId: auth.signedIn.user.id } })
      }),
  }
}

async function linkByIdToken(auth: SignedInContext, provider: OAuthProvider, idToken: z.infer<typeof broughtIdToken>) {
  const login = await loginByIdToken(auth, provider, idToken)
  if (!emailOf(login.user)) throw new AuthError(idTokenErrors.USER_EMAIL_NOT_FOUND)
  const { id } = auth.signedIn.user
  if ((await findProviderAccount(auth, login))?.userId === id) return linked
  const tokens = { ...login.tokens, scopes: idToken.scopes }
  const problem = await linkLogin(auth, id, { ...login, tokens })
  if (problem) throw new AuthError(PROBLEMS[problem])
  return linked
}
