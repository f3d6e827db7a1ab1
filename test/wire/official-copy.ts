import { registerHooks } from 'node:module'
import type * as BetterAuth from 'better-auth'
import type * as BetterAuthNode from 'better-auth/node'

// The official package reads NODE_ENV once, when it is loaded. A query on its URLs, handed on to whatever it imports
// from itself, gives one copy per environment in the same process.
const marker = 'node-env'
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const environment = context.parentURL?.startsWith('file:') && new URL(context.parentURL).searchParams.get(marker)
    if (!environment || !/\/node_modules\/@?better-auth\//.test(resolved.url)) return resolved
    return { ...resolved, url: `${resolved.url}?${marker}=${environment}` }
  },
})

export interface OfficialPackage {
  betterAuth: typeof BetterAuth.betterAuth
  toNodeHandler: typeof BetterAuthNode.toNodeHandler
}

/** Loads the official server package as it behaves under the given NODE_ENV (undefined: not set). */
export async function loadOfficial(environment: string | undefined): Promise<OfficialPackage> {
  const suffix = environment ? `?${marker}=${environment}` : ''
  const [main, node] = await Promise.all([
    import(`${import.meta.resolve('better-auth')}${suffix}`) as Promise<typeof BetterAuth>,
    import(`${import.meta.resolve('better-auth/node')}${suffix}`) as Promise<typeof BetterAuthNode>,
  ])
  return { betterAuth: main.betterAuth, toNodeHandler: node.toNodeHandler }
}
