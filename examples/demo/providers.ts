import type { RequestHandler } from 'express'
import type { AuthHandle } from '../../src/auth-handle.ts'

/** Those the demo offers; each is usable once its settings are in the environment. */
const ids = ['google', 'github', 'microsoft', 'discord'] as const

/** What the page is told about one: `missing` are the environment variables without which it cannot be used. */
export type ProviderInfo = { id: string; name: string; missing: string[] }

/** `socialProviders` of `init`, with `GOOGLE_CLIENT_ID`, `GOOGLE_CLIENT_SECRET` and so on. */
export function providersOfEnvironment() {
  return Object.fromEntries(
    ids.map(id => [
      id,
      {
        clientId: process.env[variable(id, 'clientId')] || undefined,
        clientSecret: process.env[variable(id, 'clientSecret')] || undefined,
      },
    ]),
  )
}

/** Tells the page which buttons to show. */
export function listProviders(auth: AuthHandle): RequestHandler {
  return async (_req, res) => {
    const providers = await auth.context.providers.list()
    const infos: ProviderInfo[] = providers.map(({ id, name, missing }) => {
      return { id, name, missing: missing.map(option => variable(id, option)) }
    })
    // Those that work come first.
    res.json({ providers: infos.sort((a, b) => Number(a.missing.length > 0) - Number(b.missing.length > 0)) })
  }
}

/** `clientId` of `google` is `GOOGLE_CLIENT_ID`. */
function variable(id: string, option: string): string {
  return `${id}_${option.replace(/[A-Z]/g, '_$&')}`.toUpperCase()
}
