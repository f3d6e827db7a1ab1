import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, inDialect } from '../../src/errors.ts'
import { orRedirect, redirectTo } from '../../src/meta.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { findUserById } from '../../src/users.ts'
import { readEmailToken } from '../../src/verification-mail.ts'
import { completeChange, confirmChange } from './change.ts'
import { linkErrors } from './errors.ts'
import type { Followed } from './followed.ts'
import { proveAddress } from './prove.ts'

export function verifyProcedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    verify: procedure
      .public({
        rest: 'GET /verify-email',
        operationId: 'verifyEmail',
        summary: 'Where a mailed link leads: proves an address, or completes its change',
        description:
          'With `callbackURL` it redirects there, with `error=CODE` when the link is no good. Sets the session cookie ' +
          'where the application lets the link sign in, and when a change is completed.',
        errors: Object.values(linkErrors),
        redirect: 'optional',
        sessionCookie: 'set',
        tags: ['Email verification'],
      })
      .input(z.object({ token: z.string().max(4096), callbackURL: z.string().max(2048).optional() }))
      .output(orRedirect(z.object({ status: z.boolean(), user: z.union([schemas.user, z.null()]).optional() })))
      .mutation(async ({ ctx: { auth }, input: { token, callbackURL } }) => {
        if (!callbackURL) return { status: true, ...(await follow(auth, token, callbackURL)) }
        const { url } = redirectTo(callbackURL)
        try {
          await follow(auth, token, callbackURL)
          return { url }
        } catch (thrown) {
          const isAboutLink = thrown instanceof AuthError && Object.hasOwn(linkErrors, thrown.authCode)
          if (!isAboutLink) throw thrown
          return { url: withError(url, inDialect(thrown, auth.kernel.options.dialect).authCode) }
        }
      }),
  }
}

async function follow(auth: AuthContext, token: string, callbackURL: string | undefined): Promise<Followed> {
  const claims = await readEmailToken(auth, token)
  if (claims === 'expired') throw new AuthError(linkErrors.TOKEN_EXPIRED)
  if (claims === 'invalid') throw new AuthError(linkErrors.INVALID_TOKEN)
  const { sub, email, updateTo, requestType } = claims
  const user = await findUserById(auth, sub)
  // A link is about one address of one user: when either is gone, so is what it could prove.
  if (user?.email !== email) throw new AuthError(linkErrors.USER_NOT_FOUND)
  if (!updateTo) return proveAddress(auth, user)
  const change = { user, newEmail: updateTo }
  if (requestType === 'change-email-confirmation') return confirmChange(auth, change, callbackURL)
  if (requestType === 'change-email-verification') return completeChange(auth, change)
  throw new AuthError(linkErrors.INVALID_TOKEN)
}

function withError(url: string, code: string): string {
  const [address = '', ...fragment] = url.split('#')
  return [`${address}${address.includes('?') ? '&' : '?'}error=${code}`, ...fragment].join('#')
}
