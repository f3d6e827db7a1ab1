import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import { emailOf } from '../../src/oauth-flow/provider-user.ts'
import { signInWithProvider } from '../../src/oauth-flow/sign-in.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { idTokenErrors, providerErrors, signInErrors } from './errors.ts'
import { broughtIdToken, flowShape } from './input.ts'
import { beginAtProvider, loginByIdToken, requireProvider } from './providers.ts'

const input = z.object({ ...flowShape, idToken: broughtIdToken.optional() })

/** As many as tries at a password. */
const signInLimit = { window: 10, max: 3 }

export function signInProcedures({ procedure, schemas }: ProcedureBuilder) {
  const signedIn = z.object({ redirect: z.literal(false), token: z.string(), user: schemas.user })
  const leave = z.object({ url: z.string(), redirect: z.boolean() })
  return {
    social: procedure
      .public({
        rest: 'POST /sign-in/social',
        operationId: 'signInSocial',
        summary: 'Begins a sign-in at another site, or signs in with an id token of one',
        description:
          'Answers where to send the browser, which comes back to `GET /callback/{id}`. With `idToken` it signs in at ' +
          'once and sets the session cookie.',
        errors: [...Object.values(providerErrors), ...Object.values(idTokenErrors), ...Object.values(signInErrors)],
        limit: signInLimit,
        sessionCookie: 'set',
        tags: ['Social sign-in'],
      })
      .input(input)
      .output(z.union([signedIn, leave]))
      .mutation(async ({ ctx: { auth }, input }) => {
        const provider = await requireProvider(auth, input.provider)
        if (input.idToken) return signInByIdToken(auth, provider, { ...input, idToken: input.idToken })
        return beginAtProvider(auth, provider, { input })
      }),
  }
}

type IdTokenInput = z.infer<typeof input> & { idToken: z.infer<typeof broughtIdToken> }

async function signInByIdToken(auth: AuthContext, provider: OAuthProvider, input: IdTokenInput) {
  const login = await loginByIdToken(auth, provider, input.idToken)
  const email = emailOf(login.user)
  if (!email) throw new AuthError(idTokenErrors.USER_EMAIL_NOT_FOUND)
  auth.seen.additionalData = input.additionalData
  // Of what a client brings, only the access token is kept.
  const tokens = { accessToken: login.tokens.accessToken }
  const { requestSignUp, callbackURL } = input
  const outcome = await signInWithProvider(auth, { ...login, tokens, email }, { requestSignUp, callbackURL })
  if ('refusal' in outcome) {
    const { refusal, error } = outcome
    throw error ?? new AuthError(signInErrors.OAUTH_LINK_ERROR, { message: refusal })
  }
  const { session, user } = outcome
  return { redirect: false as const, token: session.token, user }
}
