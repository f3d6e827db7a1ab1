import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { redirectTo } from '../../src/meta.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { beginAt } from './begin.ts'
import { callbackProcedures } from './callback.ts'
import { genericOAuthErrors, linkErrors, unknownProvider } from './errors.ts'

const url = z.string().max(2048)
const scopes = z.array(z.string().max(512)).max(100).optional()
const providerId = z.string().max(128)

/** Longest `additionalData`, as JSON: it has to fit into a cookie. */
const LONGEST_DATA = 4096

const places = {
  providerId,
  callbackURL: url.optional(),
  errorCallbackURL: url.optional(),
  newUserCallbackURL: url.optional(),
}

/** What a link can say. */
const linkedInput = z.object(places)

const signInInput = z.object({
  ...places,
  disableRedirect: z.boolean().optional(),
  scopes,
  requestSignUp: z.boolean().optional(),
  additionalData: z
    .record(z.string(), z.unknown())
    .refine(data => JSON.stringify(data).length <= LONGEST_DATA, `additionalData is over ${LONGEST_DATA} characters`)
    .optional(),
})

const linkInput = z.object({ providerId, callbackURL: url, scopes, errorCallbackURL: url.optional() })
const leave = z.object({ url: z.string(), redirect: z.boolean() })

/** As many as tries at a password. */
const signInLimit = { window: 10, max: 3 }

/** `signIn.oauth2` and `.oauth2Redirect`, `oauth2.callback`, `.callbackForm` and `.link` */
export function genericOAuthProcedures(builder: ProcedureBuilder, ids: ReadonlySet<string>) {
  return {
    signIn: signInProcedures(builder, ids),
    oauth2: { ...callbackProcedures(builder, ids), ...linkProcedures(builder, ids) },
  }
}

function signInProcedures({ procedure }: ProcedureBuilder, ids: ReadonlySet<string>) {
  return {
    oauth2: procedure
      .public({
        rest: 'POST /sign-in/oauth2',
        operationId: 'signInWithOAuth2',
        summary: 'Begins a sign-in at one of the configured providers',
        description: 'Answers where to send the browser, which comes back to `GET /oauth2/callback/{providerId}`.',
        errors: Object.values(genericOAuthErrors),
        limit: signInLimit,
        tags: ['OAuth sign-in'],
      })
      .input(signInInput)
      .output(leave)
      .mutation(async ({ ctx: { auth }, input }) => {
        const provider = await findOwn(auth, ids, input.providerId)
        if (!provider) throw unknownProvider(input.providerId)
        return { url: await beginAt(auth, provider, { input }), redirect: !input.disableRedirect }
      }),

    oauth2Redirect: procedure
      .public({
        rest: 'GET /oauth2/sign-in/:providerId',
        operationId: 'redirectToOAuth2',
        summary: 'The same as a plain link: redirects to the provider',
        description: 'For pages without scripts. Whoever follows it signs in as the user that the provider knows.',
        errors: Object.values(genericOAuthErrors),
        limit: signInLimit,
        redirect: true,
        external: true,
        tags: ['OAuth sign-in'],
      })
      .input(linkedInput)
      .output(z.object({ url: z.string() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const provider = await findOwn(auth, ids, input.providerId)
        if (!provider) throw unknownProvider(input.providerId)
        return redirectTo(await beginAt(auth, provider, { input }))
      }),
  }
}

function linkProcedures({ procedure }: ProcedureBuilder, ids: ReadonlySet<string>) {
  return {
    link: procedure
      .sensitive({
        rest: 'POST /oauth2/link',
        operationId: 'oAuth2LinkAccount',
        ownerOnly: true,
        summary: 'Makes a login at one of the configured providers one more way to sign in as the signed-in user',
        description: 'Answers where to send the browser, which comes back to `GET /oauth2/callback/{providerId}`.',
        errors: [genericOAuthErrors.INVALID_OAUTH_CONFIGURATION, linkErrors.PROVIDER_NOT_FOUND],
        tags: ['Linked accounts'],
      })
      .input(linkInput)
      .output(leave)
      .mutation(async ({ ctx: { auth }, input }) => {
        const provider = await findOwn(auth, ids, input.providerId)
        if (!provider) throw new AuthError(linkErrors.PROVIDER_NOT_FOUND)
        const link = { userId: auth.signedIn.user.id }
        return { url: await beginAt(auth, provider, { input, link }), redirect: true }
      }),
  }
}

/** One of the plugin's own providers: the built-in ones have routes of their own. */
async function findOwn(
  { kernel }: AuthContext,
  ids: ReadonlySet<string>,
  id: string,
): Promise<OAuthProvider | undefined> {
  return ids.has(id) ? kernel.providers.find(id) : undefined
}

export interface GenericOAuthRouter extends ReturnType<typeof genericOAuthProcedures> {}
