import type { RequestContext } from '../context.ts'

/** Whether the application takes this provider's word about addresses. */
export async function isTrustedProvider({ kernel, request }: RequestContext, id: string): Promise<boolean> {
  const { trustedProviders } = kernel.options.account.accountLinking
  const trusted = typeof trustedProviders === 'function' ? await trustedProviders(request?.()) : trustedProviders
  return trusted.includes(id)
}
