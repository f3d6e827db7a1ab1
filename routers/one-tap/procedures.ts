import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import { readBroughtIdToken } from '../../src/oauth-flow/id-token-login.ts'
import type { ProviderLogin } from '../../src/oauth-flow/provider-accounts.ts'
import { emailOf } from '../../src/oauth-flow/provider-user.ts'
import { type SignInRefusal, signInWithProvider } from '../../src/oauth-flow/sign-in.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { oneTapErrors } from './errors.ts'

type FindGoogle = (auth: AuthContext) => Promise<OAuthProvider | undefined>

/** `oneTap.callback` */
export function oneTapProcedures({ procedure, schemas }: ProcedureBuilder, findGoogle: FindGoogle) {
  const signedIn = z.object({ token: z.string(), user: schemas.user })
  return {
    oneTap: {
      callback: procedure
        .public({
          rest: ['POST /one-tap/callback', { line: 'POST /one-tap/verify', operationId: 'oneTapVerify' }],
          operationId: 'oneTapCallback',
          summary: 'Signs in with an id token of Google One Tap',
          errors: Object.values(oneTapErrors),
          limit: { window: 60, max: 20 },
          sessionCookie: 'set',
          tags: ['Social sign-in'],
        })
        .input(z.object({ idToken: z.string().max(65_536) }))
        .output(z.union([signedIn, z.object({ error: z.string() })]))
        .mutation(async ({ ctx: { auth }, input }) => {
          const login = await readLogin(auth, await findGoogle(auth), input.idToken)
          const email = emailOf(login.user)
          // No failure, as in Better Auth.
          if (!email) return { error: 'Email not available in token' }
          const tokens = { idToken: input.idToken, scopes: ['openid', 'profile', 'email'] }
          const outcome = await signInWithProvider(auth, { ...login, tokens, email })
          if ('refusal' in outcome) throw refused(outcome)
          return { token: outcome.session.token, user: outcome.user }
        }),
    },
  }
}

export interface OneTapRouter extends ReturnType<typeof oneTapProcedures> {}

async function readLogin(auth: AuthContext, google: OAuthProvider | undefined, token: string): Promise<ProviderLogin> {
  if (!google) throw new AuthError(oneTapErrors.PROVIDER_NOT_CONFIGURED)
  const login = await readBroughtIdToken(auth, google, { token })
  if (typeof login !== 'string') return login
  throw new AuthError(login === 'unavailable' ? errors.SERVICE_UNAVAILABLE : oneTapErrors.INVALID_ID_TOKEN)
}

function refused({ refusal, error }: SignInRefusal): AuthError {
  if (error) return error
  if (refusal === 'signup disabled') return new AuthError(oneTapErrors.SIGNUP_DISABLED)
  if (refusal === 'account not linked') return new AuthError(oneTapErrors.ACCOUNT_NOT_LINKED)
  return new AuthError(oneTapErrors.FAILED_TO_CREATE_USER)
}
