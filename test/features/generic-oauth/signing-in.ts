import { type GenericOAuthConfig, genericOAuth } from '../../../routers/generic-oauth/index.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { type Answer, type Visitor, visit } from '../../support/visitor.ts'
import { type LocalProvider, startLocalProvider } from '../social/local-provider.ts'

/** The provider of this machine, by its addresses. */
export function configOf(local: LocalProvider, options: Partial<GenericOAuthConfig> = {}): GenericOAuthConfig {
  return {
    providerId: 'local',
    clientId: 'local-client',
    clientSecret: 'local-secret',
    authorizationUrl: `${local.origin}/authorize`,
    tokenUrl: `${local.origin}/token`,
    userInfoUrl: `${local.origin}/userinfo`,
    issuer: local.origin,
    scopes: ['openid', 'email'],
    ...options,
  }
}

type Given = Parameters<typeof createTestAuth>[0]

/** An instance in memory with it. The clock is the machine's, with which the provider signs. */
export async function startWithLocal(options: Partial<GenericOAuthConfig> = {}, given: Given = {}) {
  const local = await startLocalProvider()
  const plugin = genericOAuth({ config: [configOf(local, options)] })
  const test = createTestAuth({
    clock: () => new Date(),
    ...given,
    plugins: [plugin, ...(given.plugins ?? [])],
  } as Given)
  return { ...test, local, visit: () => visit(test.auth) }
}

export interface SignIn {
  input?: object
  /** More in the query of the callback. */
  callback?: Record<string, string>
  path?: '/sign-in/oauth2' | '/oauth2/link'
}

/** Begins a sign-in, and has the user agree at the provider: the callback's path and query. */
export async function begin(visitor: Visitor, local: LocalProvider, { input, callback, path }: SignIn = {}) {
  const body = { providerId: 'local', callbackURL: '/home', errorCallbackURL: '/oops', ...input }
  const begun = await visitor.post(path ?? '/sign-in/oauth2', body)
  if (begun.status !== 200) throw new Error(`${begun.status} ${begun.text}`)
  const { pathname, search } = new URL(local.agree(begun.body.url ?? '', callback))
  return pathname.replace('/api/auth', '') + search
}

/** A whole sign-in: where the callback's answer leads. */
export async function signIn(visitor: Visitor, local: LocalProvider, request: SignIn = {}): Promise<string | null> {
  return locationOf(await visitor.get(await begin(visitor, local, request)))
}

export function locationOf({ headers }: Answer): string | null {
  return headers.get('location')
}
