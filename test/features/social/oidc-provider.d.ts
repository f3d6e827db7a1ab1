// The part of the package that the tests use; it brings no types of its own.
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  export interface Configuration {
    clients: Record<string, unknown>[]
    claims: Record<string, string[]>
    conformIdTokenClaims: boolean
    cookies: { keys: string[] }
    findAccount(context: unknown, id: string): { accountId: string; claims(): Record<string, unknown> }
    issueRefreshToken(): Promise<boolean>
    rotateRefreshToken: boolean
  }

  // biome-ignore lint/style/noDefaultExport: it is how the package exports it
  export default class Provider {
    constructor(issuer: string, configuration: Configuration)
    callback(): RequestListener
  }
}
