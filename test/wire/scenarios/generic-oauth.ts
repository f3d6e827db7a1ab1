import type { BetterAuthOptions } from 'better-auth'
import { genericOAuthClient } from 'better-auth/client/plugins'
import { type GenericOAuthConfig, genericOAuth } from 'better-auth/plugins'
import type { GenericOAuthConfig as OurConfig } from '../../../routers/generic-oauth/index.ts'
import { codeFor, type OAuthPerson, startOAuthProvider } from '../local-oauth.ts'
import { ann, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Visitor } from '../side.ts'

const issuer = await startOAuthProvider()
const plugins = [genericOAuthClient()]
const ada: OAuthPerson = { sub: 'ada-1', name: 'Ada', email: 'ada@example.com', email_verified: true }

const addresses = {
  authorizationUrl: `${issuer}/authorize`,
  tokenUrl: `${issuer}/token`,
  userInfoUrl: `${issuer}/userinfo`,
}
const client = { clientId: 'cid', clientSecret: 'cs' }
const discoveryUrl = `${issuer}/.well-known/openid-configuration`
const plain = { providerId: 'plain', ...client, ...addresses, scopes: ['profile'] }

function withProviders(config: GenericOAuthConfig[], more: BetterAuthOptions = {}): OptionSet {
  return {
    build: mails => ({ emailAndPassword: withMail(mails), plugins: [genericOAuth({ config })], ...more }),
    ourPlugins: async () => [
      (await import('../../../routers/generic-oauth/index.ts')).genericOAuth({ config: config as OurConfig[] }),
    ],
  }
}

const places = { callbackURL: '/home', errorCallbackURL: '/oops', newUserCallbackURL: '/welcome' }

interface Start {
  providerId?: string
  input?: object
  path?: string
}

/** Begins a sign-in or a link; what its address asks for. */
async function begin(browser: Visitor, step: string, { providerId = 'plain', input, path }: Start = {}) {
  const { json } = await browser.post(step, path ?? '/sign-in/oauth2', { providerId, ...places, ...input })
  return new URL((json as { url: string }).url).searchParams
}

interface Arrival extends Start {
  person?: OAuthPerson
  /** With an id token. */
  isOpenId?: boolean
  query?: (state: string) => string
}

/** A whole sign-in. */
async function arrive(browser: Visitor, step: string, { person = ada, isOpenId, query, ...start }: Arrival = {}) {
  const asked = await begin(browser, `${step}-begin`, start)
  const state = asked.get('state') ?? ''
  const code = codeFor({ ...person, ...(isOpenId && { idToken: { nonce: asked.get('nonce') } }) })
  const { providerId = 'plain' } = start
  return browser.get(step, `/oauth2/callback/${providerId}?${query?.(state) ?? `code=${code}&state=${state}`}`)
}

async function signedUp(browser: Visitor, step: string, person: object = ann) {
  await browser.post(step, '/sign-up/email', { ...ann, ...person })
  return browser
}

const signingIn: Scenario = {
  name: 'generic-oauth',
  options: withProviders([plain, { ...plain, providerId: 'nowhere', authorizationUrl: undefined }]),
  async run(side) {
    const browser = side.visitor()
    await browser.client(
      'generic.client',
      client => client.signIn.oauth2({ providerId: 'plain', callbackURL: '/home' }),
      plugins,
    )
    await begin(browser, 'generic.scopes', { input: { scopes: ['api'], additionalData: { a: 1 } } })
    await browser.post('generic.unknown', '/sign-in/oauth2', { providerId: 'unknown' })
    await browser.post('generic.no-address', '/sign-in/oauth2', { providerId: 'nowhere' })
    await browser.post('generic.nothing', '/sign-in/oauth2', {})
    const next = side.visitor()
    await begin(next, 'generic.no-redirect', { input: { disableRedirect: true } })
    await next.post('generic.untrusted', '/sign-in/oauth2', {
      providerId: 'plain',
      callbackURL: 'https://evil.example',
    })
    await arrive(next, 'generic.first')
    await next.get('generic.session', '/get-session')
    await next.client('generic.accounts', client => client.listAccounts())
    await next.post('generic.access', '/get-access-token', { providerId: 'plain' })
    await next.post('generic.refresh', '/refresh-token', { providerId: 'plain' })
    await next.get('generic.info', '/account-info?accountId=ada-1')
    const again = side.visitor()
    await arrive(again, 'generic.again')
    await again.get('generic.again-session', '/get-session')
    const social = side.visitor()
    const { json } = await social.post('generic.social', '/sign-in/social', { provider: 'plain', ...places })
    const state = new URL((json as { url: string }).url).searchParams.get('state')
    await social.get('generic.social-callback', `/oauth2/callback/plain?code=${codeFor(ada)}&state=${state}`)
    await arrive(side.visitor(), 'generic.unproven', {
      person: { sub: '2', name: 'Bo', email: 'Bo@Example.com', picture: 'https://img.example/bo.png' },
    })
  },
}

const failing: Scenario = {
  name: 'generic-oauth-errors',
  options: withProviders([plain, { ...plain, providerId: 'no-profile', userInfoUrl: undefined }]),
  async run(side) {
    const browser = side.visitor()
    await browser.get('generic-error.no-code', '/oauth2/callback/plain')
    await browser.get('generic-error.denied', '/oauth2/callback/plain?error=access_denied&error_description=The%20user')
    await browser.get('generic-error.unknown-provider', '/oauth2/callback/unknown?code=x&state=y')
    await browser.get('generic-error.no-state', '/oauth2/callback/plain?code=x')
    await browser.get('generic-error.unknown-state', '/oauth2/callback/plain?code=x&state=y')
    await arrive(browser, 'generic-error.bad-code', { query: state => `code=bad&state=${state}` })
    await arrive(browser, 'generic-error.no-email', { person: { sub: '3', name: 'Cy' } })
    await arrive(browser, 'generic-error.no-name', { person: { sub: '4', email: 'd@example.com' } })
    const other = side.visitor()
    await arrive(other, 'generic-error.no-user-info', { providerId: 'no-profile' })
    await arrive(other, 'generic-error.default-page', {
      person: { sub: '3', name: 'Cy' },
      input: { errorCallbackURL: undefined },
    })
    const asked = await begin(other, 'generic-error.foreign-begin')
    await side
      .visitor()
      .get('generic-error.foreign', `/oauth2/callback/plain?code=${codeFor(ada)}&state=${asked.get('state')}`)
    await signedUp(side.visitor(), 'generic-error.ann')
    await arrive(side.visitor(), 'generic-error.not-linked', { person: { ...ada, email: ann.email } })
  },
}

const discovered: Scenario = {
  name: 'generic-oauth-discovery',
  options: withProviders([
    { providerId: 'found', ...client, discoveryUrl, scopes: ['openid', 'email'] },
    {
      providerId: 'guarded',
      ...client,
      discoveryUrl: `${issuer}/guarded/.well-known/openid-configuration`,
      discoveryHeaders: { 'x-key': '1' },
      requireIssuerValidation: true,
      scopes: ['email'],
    },
    { providerId: 'gone', ...client, discoveryUrl: `${issuer}/gone` },
  ]),
  async run(side) {
    const browser = side.visitor()
    await arrive(browser, 'discovered.first', { providerId: 'found', isOpenId: true })
    await browser.get('discovered.session', '/get-session')
    await browser.get('discovered.accounts', '/list-accounts')
    await browser.post('discovered.gone', '/sign-in/oauth2', { providerId: 'gone' })
    const next = side.visitor()
    await arrive(next, 'discovered.issuer', {
      providerId: 'guarded',
      person: { ...ada, sub: 'bob', email: 'bob@example.com' },
      query: state =>
        `code=${codeFor({ ...ada, sub: 'bob', email: 'bob@example.com' })}&state=${state}&iss=${encodeURIComponent(issuer)}`,
    })
    await arrive(next, 'discovered.issuer-missing', { providerId: 'guarded' })
    await arrive(next, 'discovered.issuer-mismatch', {
      providerId: 'found',
      query: state => `code=${codeFor(ada)}&state=${state}&iss=https%3A%2F%2Fevil.example`,
    })
  },
}

const configured: Scenario = {
  name: 'generic-oauth-options',
  options: withProviders([
    {
      ...plain,
      pkce: true,
      authentication: 'basic',
      authorizationHeaders: { 'x-extra': 'header' },
      tokenUrlParams: { extra: 'parameter' },
      authorizationUrlParams: { audience: 'api' },
      accessType: 'offline',
      prompt: 'consent',
      responseMode: 'query',
      overrideUserInfo: true,
      mapProfileToUser: profile => ({ name: `${profile.name} of plain` }),
    },
    { ...plain, providerId: 'closed', disableSignUp: true },
    { ...plain, providerId: 'asking', disableImplicitSignUp: true },
    {
      ...plain,
      providerId: 'own',
      getToken: async ({ code }) => ({ accessToken: `own-${code}`, scopes: ['own'] }),
      getUserInfo: async () => ({ id: 'own-1', email: 'own@example.com', name: 'Own', emailVerified: true }),
    },
  ]),
  async run(side) {
    const browser = side.visitor()
    await arrive(browser, 'configured.first')
    await browser.get('configured.accounts', '/list-accounts')
    await browser.get('configured.session', '/get-session')
    await arrive(side.visitor(), 'configured.renamed', { person: { ...ada, name: 'Ada the second' } })
    await browser.get('configured.session-renamed', '/get-session')
    await arrive(side.visitor(), 'configured.closed', { providerId: 'closed', input: { requestSignUp: true } })
    const other = side.visitor()
    const bob = { ...ada, sub: 'bob', email: 'bob@example.com' }
    await arrive(other, 'configured.not-asked', { providerId: 'asking', person: bob })
    await arrive(other, 'configured.asked', { providerId: 'asking', person: bob, input: { requestSignUp: true } })
    const own = side.visitor()
    await arrive(own, 'configured.own', { providerId: 'own' })
    await own.get('configured.own-accounts', '/list-accounts')
    await own.get('configured.own-session', '/get-session')
  },
}

const linking: Scenario = {
  name: 'generic-oauth-link',
  options: withProviders([plain, { ...plain, providerId: 'nowhere', authorizationUrl: undefined }]),
  async run(side) {
    const path = '/oauth2/link'
    await side.visitor().post('generic-link.no-session', path, { providerId: 'plain', callbackURL: '/home' })
    const browser = await signedUp(side.visitor(), 'generic-link.account')
    await browser.client(
      'generic-link.client',
      client => client.oauth2.link({ providerId: 'plain', callbackURL: '/home' }),
      plugins,
    )
    await browser.post('generic-link.unknown', path, { providerId: 'unknown', callbackURL: '/home' })
    await browser.post('generic-link.no-address', path, { providerId: 'nowhere', callbackURL: '/home' })
    await browser.post('generic-link.nothing', path, {})
    await browser.post('generic-link.untrusted', path, { providerId: 'plain', callbackURL: 'https://evil.example' })
    await arrive(browser, 'generic-link.other-email', { path })
    const mine = { ...ada, email: 'Ann@Example.com', email_verified: false }
    await arrive(browser, 'generic-link.ok', { path, person: mine })
    await arrive(browser, 'generic-link.again', { path, person: mine })
    await browser.get('generic-link.accounts', '/list-accounts')
    await arrive(side.visitor(), 'generic-link.other-user', {
      person: { ...ada, sub: 'bob', email: 'bob@example.com' },
    })
    await arrive(browser, 'generic-link.taken', { path, person: { ...mine, sub: 'bob' } })
  },
}

export const genericOAuthScenarios: Scenario[] = [signingIn, failing, discovered, configured, linking]
