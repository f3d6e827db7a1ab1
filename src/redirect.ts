import type { AuthContext } from './context.ts'
import type { ProcedureMeta } from './meta.ts'
import { isTrustedUrl, originChecks } from './origin.ts'

/**
 * Looks once more at where a procedure that redirects sends the browser, whatever the address was made from: to this
 * site, to a trusted origin or to the application's error page. One that leads elsewhere on purpose declares `external`.
 * @throws when it leads anywhere else, which is a mistake of the procedure
 */
export async function checkRedirect(
  auth: AuthContext,
  meta: ProcedureMeta,
  outcome: { ok: boolean; data?: unknown },
): Promise<void> {
  const { options } = auth.kernel
  if (!outcome.ok || meta.external) return
  const { url } = (outcome.data ?? {}) as { url?: unknown }
  if (url === undefined && meta.redirect === 'optional') return
  if (!originChecks(options.advanced, meta.paths).targets) return
  const { errorURL } = options.onAPIError ?? {}
  const trusted = [...(await auth.trustedOrigins()), ...withoutQuery(errorURL)]
  if (typeof url === 'string' && isTrustedUrl(url, trusted)) return
  throw new Error(`${meta.operationId} redirects to an address that is not trusted`)
}

/** An address as a pattern, in which a question mark would stand for any character. */
function withoutQuery(url: string | undefined): string[] {
  const [address] = url?.split(/[?#]/) ?? []
  return address ? [address] : []
}
