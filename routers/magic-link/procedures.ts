import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import { orRedirect } from '../../src/meta.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { sendSession } from '../../src/sessions.ts'
import { emailInput } from '../../src/users.ts'
import { followLink } from './follow.ts'
import type { MagicLinkSettings } from './options.ts'
import { createToken } from './tokens.ts'

const tags = ['Magic link']
const address = z.string().max(2048).optional()

const wish = z.object({
  email: emailInput,
  name: z.string().max(1024).optional(),
  callbackURL: address,
  newUserCallbackURL: address,
  errorCallbackURL: address,
  metadata: z.record(z.string().max(255), z.unknown()).optional(),
})

const link = z.object({
  token: z.string().max(512),
  callbackURL: address,
  errorCallbackURL: address,
  newUserCallbackURL: address,
})

/** `signIn.magicLink` and `magicLink.verify` */
export function magicLinkProcedures({ procedure, schemas }: ProcedureBuilder, settings: MagicLinkSettings) {
  const answer = z.object({ token: z.string(), user: schemas.user, session: schemas.session })
  return {
    signIn: {
      magicLink: procedure
        .public({
          rest: 'POST /sign-in/magic-link',
          operationId: 'signInMagicLink',
          summary: 'Mails a link that signs in',
          description: 'The answer is the same whether or not the address has a user.',
          limit: settings.limit,
          tags,
        })
        .input(wish)
        .output(z.object({ status: z.boolean() }))
        .mutation(async ({ ctx: { auth }, input }) => {
          await mailLink(auth, settings, input)
          return { status: true }
        }),
    },
    magicLink: {
      verify: procedure
        .public({
          rest: 'GET /magic-link/verify',
          operationId: 'magicLinkVerify',
          summary: 'Where the mailed link leads: signs in, once',
          description:
            'With `callbackURL` it redirects there, a new user to `newUserCallbackURL`. What is wrong is told by `error` in ' +
            'the address of `errorCallbackURL`, else `callbackURL`, else the root. A first sign-in proves the address and ' +
            'deletes passwords, logins and sessions of before.',
          limit: settings.limit,
          redirect: 'optional',
          sessionCookie: 'set',
          signsIn: true,
          tags,
        })
        .input(link)
        .output(orRedirect(schemas.orChallenge(answer)))
        .mutation(({ ctx: { auth }, input }) => verify(auth, settings, input)),
    },
  }
}

export interface MagicLinkRouter extends ReturnType<typeof magicLinkProcedures> {}

async function mailLink(auth: AuthContext, settings: MagicLinkSettings, input: z.infer<typeof wish>): Promise<void> {
  const { email, name, metadata, callbackURL, newUserCallbackURL, errorCallbackURL } = input
  const token = await createToken(auth, settings, { email, name })
  const url = new URL(`${auth.baseURL}/magic-link/verify`)
  const addresses = { token, callbackURL: callbackURL || '/', newUserCallbackURL, errorCallbackURL }
  for (const [key, value] of Object.entries(addresses)) if (value) url.searchParams.set(key, value)
  const mail = { email, url: url.href, token, ...(metadata && { metadata }) }
  const context = hookContextOf(auth, input)
  auth.kernel.background(() => settings.sendMagicLink(mail, context))
}

async function verify(auth: AuthContext, settings: MagicLinkSettings, input: z.infer<typeof link>) {
  const { token, callbackURL } = input
  const outcome = await followLink(auth, settings, token)
  if ('error' in outcome) {
    return leadTo(auth, input.errorCallbackURL || callbackURL || '/', { error: outcome.error })
  }
  if ('challenge' in outcome) {
    const { challenge } = outcome
    return callbackURL ? leadTo(auth, callbackURL, flagsOf(challenge)) : challenge
  }
  const { user, session, isNew } = outcome
  sendSession(auth, { session, user })
  if (!callbackURL) return { token: session.token, user, session }
  return leadTo(auth, (isNew && input.newUserCallbackURL) || callbackURL)
}

function leadTo({ origin }: AuthContext, target: string, query: Record<string, string> = {}): { url: string } {
  const url = new URL(target, origin)
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
  return { url: url.href }
}

/** What the page has to know of a challenge, such as `twoFactorRedirect`; what else is in it stays out of addresses. */
function flagsOf(challenge: object): Record<string, string> {
  const flags = Object.entries(challenge).filter(([, value]) => value === true)
  return Object.fromEntries(flags.map(([key]) => [key, 'true']))
}
