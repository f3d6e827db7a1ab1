import Provider, { type Configuration } from 'oidc-provider'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { type AnyPlugin, definePlugin } from '../../../src/index.ts'
import { defineProvider } from '../../../src/oauth/define-provider.ts'
import type { OneClientOptions } from '../../../src/oauth/options.ts'
import { fromIdToken } from '../../../src/oauth/profile-sources.ts'
import { serve } from '../../support/http-server.ts'
import { startServer } from '../../support/start-server.ts'

const CLIENT = 'kernia'
const SECRET = 'a-client-secret-a-client-secret'

function configuration(redirectURI: string): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT,
        client_secret: SECRET,
        redirect_uris: [redirectURI],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['cookie-key-of-a-test'] },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: id, email: `${id}@example.com`, email_verified: true }),
    }),
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
  }
}

interface OidcOptions extends OneClientOptions {
  issuer: string
}

const oidc = defineProvider<OidcOptions>({
  id: 'oidc',
  name: 'OpenID provider',
  endpoints: ({ issuer }) => ({ authorization: `${issuer}/auth`, token: `${issuer}/token` }),
  scopes: ['openid', 'email', 'profile'],
  pkce: true,
  authorization: { takes: ['loginHint', 'prompt'] },
  idToken: {
    issuers: ({ issuer }) => [issuer],
    keySet: ({ issuer }) => `${issuer}/jwks`,
    sendsNonce: true,
    signsIn: true,
  },
  profile: fromIdToken(),
  user: ({ sub, name, email, email_verified }) => ({ id: sub, name, email, emailVerified: email_verified }),
})

/** A plugin with it as the provider `oidc`. */
export function withOidc({ issuer, clientId, clientSecret }: OidcClient) {
  return definePlugin({
    id: 'oidc-provider-for-tests',
    oauthProviders: () => [oidc({ clientId, clientSecret, issuer })],
  })
}

/** What the provider knows a server of ours by. */
export interface OidcClient {
  issuer: string
  clientId: string
  clientSecret: string
}

/** How a server of ours has the provider. */
interface OidcUse {
  plugin(client: OidcClient): AnyPlugin
  callbackPath: string
}

const builtIn: OidcUse = { plugin: withOidc, callbackPath: '/callback/oidc' }

/**
 * A certified OpenID provider, and a server of ours that has it as `oidc`, or as the plugin has it. Whoever logs in
 * there as `ada` has the address `ada@example.com`, proven.
 */
export async function startOidc({ plugin, callbackPath }: OidcUse = builtIn) {
  let started: Awaited<ReturnType<typeof startOurs>> | undefined
  // Each must know the other's address.
  const issuer = await serve(async origin => {
    started = await startOurs(plugin({ issuer: origin, clientId: CLIENT, clientSecret: SECRET }))
    return new Provider(origin, configuration(started.url + callbackPath)).callback()
  })
  return { ...(started as Awaited<ReturnType<typeof startOurs>>), issuer }
}

function startOurs(plugin: AnyPlugin) {
  return startServer({ plugins: [plugin], clock: () => new Date() })
}

/** A user's browser on the provider's pages. */
export interface OidcBrowser {
  /**
   * Goes from the authorization address to the callback: logs in as `login` and agrees, or gives up.
   * @returns the callback's address
   */
  visit(authorizationURL: string, answer: { login?: string; deny?: boolean }): Promise<string>
}

export function openOidcBrowser(issuer: string): OidcBrowser {
  const fetch = createCookieFetch({ url: issuer })
  return {
    visit: async (authorizationURL, { login, deny }) => {
      let address = authorizationURL
      // Its login page, its consent page, and redirects between them.
      for (let step = 0; step < 12; step++) {
        if (!address.startsWith(issuer)) return address
        const page = await fetch(address, { redirect: 'manual' })
        const location = page.headers.get('location') ?? (await submit(page, { address, login, deny }))
        address = new URL(location, address).href
      }
      throw new Error(`the provider stays at ${address}`)
    },
  }

  async function submit(page: Response, { address, login, deny }: { address: string; login?: string; deny?: boolean }) {
    const html = await page.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1]
    if (page.status !== 200 || !prompt) throw new Error(`${page.status} ${address}: ${html.slice(0, 500)}`)
    if (deny) return `${address}/abort`
    const body = new URLSearchParams({ prompt, login: login ?? '', password: 'any' })
    const answer = await fetch(address, { method: 'POST', body, redirect: 'manual' })
    return answer.headers.get('location') ?? ''
  }
}
