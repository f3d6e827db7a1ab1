import type { BetterAuthOptions } from 'better-auth'
import { codeOf, type GitlabUser, startGitlab } from '../local-gitlab.ts'
import { ann, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Side, Visitor } from '../side.ts'

const issuer = await startGitlab()
const gil: GitlabUser = { id: 7, email: 'gil@example.com', email_verified: true }

type Gitlab = NonNullable<NonNullable<BetterAuthOptions['socialProviders']>['gitlab']>

/** What both servers have it by. */
export const gitlabOptions = { clientId: 'cid', clientSecret: 'cs', issuer } as Gitlab

export function withGitlab(gitlab: object = {}, rest: BetterAuthOptions = {}): OptionSet {
  const provider = { ...gitlabOptions, ...gitlab } as Gitlab
  return {
    build: mails => ({ emailAndPassword: withMail(mails), socialProviders: { gitlab: provider }, ...rest }),
  }
}

const places = { callbackURL: '/home', errorCallbackURL: '/oops', newUserCallbackURL: '/welcome' }

/** Begins a sign-in or a link; its state. */
async function begin(browser: Visitor, step: string, input: object = {}, path = '/sign-in/social'): Promise<string> {
  const { json } = await browser.post(step, path, { provider: 'gitlab', ...places, ...input })
  return new URL((json as { url: string }).url).searchParams.get('state') ?? ''
}

interface Arrival {
  user?: GitlabUser
  input?: object
  path?: string
  /** Instead of the code and the state. */
  query?: (state: string) => string
}

/** A whole sign-in. */
export async function arrive(browser: Visitor, step: string, { user = gil, input, path, query }: Arrival = {}) {
  const state = await begin(browser, `${step}-begin`, input, path)
  return browser.get(step, `/callback/gitlab?${query?.(state) ?? `code=${codeOf(user)}&state=${state}`}`)
}

async function signedUp(side: Side, step: string, person: object = ann): Promise<Visitor> {
  const browser = side.visitor()
  await browser.post(step, '/sign-up/email', { ...ann, ...person })
  return browser
}

const socialSignIn: Scenario = {
  name: 'social-sign-in',
  options: withGitlab(),
  async run(side) {
    const browser = side.visitor()
    await browser.client('social.client', client => client.signIn.social({ provider: 'gitlab', callbackURL: '/home' }))
    await begin(browser, 'social.scopes', { scopes: ['api'], loginHint: 'gil', additionalData: { a: 1 } })
    await begin(browser, 'social.no-redirect', { disableRedirect: true })
    await browser.post('social.unknown', '/sign-in/social', { provider: 'nowhere' })
    await browser.post('social.not-enabled', '/sign-in/social', { provider: 'github' })
    await browser.post('social.no-provider', '/sign-in/social', {})
    await browser.post('social.provider-number', '/sign-in/social', { provider: 1 })
    await browser.post('social.scopes-text', '/sign-in/social', { provider: 'gitlab', scopes: 'api' })
    await browser.post('social.untrusted', '/sign-in/social', {
      provider: 'gitlab',
      callbackURL: 'https://evil.example',
    })
    const idToken = { token: 'x' }
    await browser.post('social.id-token', '/sign-in/social', { provider: 'gitlab', idToken })

    await arrive(browser, 'social.first')
    await browser.get('social.session', '/get-session')
    await browser.client('social.accounts', client => client.listAccounts())
    const second = side.visitor()
    await arrive(second, 'social.again')
    await second.get('social.again-session', '/get-session')
    await arrive(side.visitor(), 'social.nowhere-to-go', {
      user: { ...gil, id: 8, email: 'h@example.com' },
      input: { callbackURL: undefined, newUserCallbackURL: undefined },
    })
    await arrive(side.visitor(), 'social.unproven', { user: { id: 9, email: 'Nine@Example.com' } })
    await arrive(side.visitor(), 'social.nameless', {
      user: { id: 10, email: 'ten@example.com', name: '', username: '' },
    })
  },
}

const socialErrors: Scenario = {
  name: 'social-errors',
  options: withGitlab(),
  async run(side) {
    const browser = side.visitor()
    await browser.get('social-error.no-state', '/callback/gitlab?code=x')
    await browser.get('social-error.nothing', '/callback/gitlab')
    await browser.get('social-error.unknown-state', '/callback/gitlab?code=x&state=unknown')
    await browser.get('social-error.unknown-provider', '/callback/nowhere?code=x&state=unknown')
    await browser.get('social-error.two-codes', '/callback/gitlab?code=x&code=y&state=z')
    const denied = 'error=access_denied&error_description=The%20user%20said%20no'
    await arrive(browser, 'social-error.denied', { query: state => `${denied}&state=${state}` })
    await arrive(browser, 'social-error.error-only', { query: state => `error=server_error&state=${state}` })
    await arrive(browser, 'social-error.no-code', { query: state => `state=${state}` })
    await arrive(browser, 'social-error.bad-code', { query: state => `code=bad&state=${state}` })
    await arrive(browser, 'social-error.blocked', { user: { ...gil, state: 'blocked' } })
    await arrive(browser, 'social-error.no-email', { user: { id: 5 } })
    await arrive(browser, 'social-error.default-page', { user: { id: 5 }, input: { errorCallbackURL: undefined } })
    await arrive(browser, 'social-error.query-kept', { user: { id: 5 }, input: { errorCallbackURL: '/oops?a=1' } })
    const state = await begin(browser, 'social-error.other-path-begin')
    await browser.get('social-error.other-path', `/callback/nowhere?code=${codeOf(gil)}&state=${state}`)
    const mine = await begin(browser, 'social-error.foreign-begin')
    const other = side.visitor()
    await other.get('social-error.foreign-no-cookie', `/callback/gitlab?code=${codeOf(gil)}&state=${mine}`)
    await begin(other, 'social-error.foreign-other-begin')
    await other.get('social-error.foreign', `/callback/gitlab?code=${codeOf(gil)}&state=${mine}`)
    await browser.get('social-error.mine', `/callback/gitlab?code=${codeOf(gil)}&state=${mine}`)
    await browser.get('social-error.replayed', `/callback/gitlab?code=${codeOf(gil)}&state=${mine}`)
    await signedUp(side, 'social-error.ann')
    await arrive(side.visitor(), 'social-error.not-linked', { user: { ...gil, id: 3, email: ann.email } })
    await arrive(side.visitor(), 'social-error.not-linked-unproven', { user: { id: 4, email: ann.email } })
  },
}

const socialForm: Scenario = {
  name: 'social-form',
  options: withGitlab(),
  async run(side) {
    const browser = side.visitor()
    const form = (step: string, path: string, body: string, headers: Record<string, string | undefined> = {}) =>
      browser.raw(step, {
        method: 'POST',
        path,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body,
      })
    await form('social-form.fields', '/callback/gitlab', 'code=abc&state=def&user=%7B%22a%22%3A1%7D')
    await form('social-form.both', '/callback/gitlab?state=query', 'code=abc&state=form')
    await form('social-form.others', '/callback/gitlab', 'code=abc&state=def&iss=x&foo=bar')
    await form('social-form.foreign', '/callback/gitlab', 'code=abc&state=def', {
      origin: 'https://other.example',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    })
    await browser.post('social-form.json', '/callback/gitlab', { code: 'abc', state: 'def' })
    await browser.post('social-form.empty', '/callback/gitlab')
    await browser.raw('social-form.text', {
      method: 'POST',
      path: '/callback/gitlab',
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    })
    const state = await begin(browser, 'social-form.begin')
    await form('social-form.with-cookie', '/callback/gitlab', `code=abc&state=${state}`, {
      origin: 'https://other.example',
    })
  },
}

const linkSocial: Scenario = {
  name: 'social-link',
  options: withGitlab(),
  async run(side) {
    const path = '/link-social'
    await side.visitor().post('link.no-session', path, { provider: 'gitlab' })
    const browser = await signedUp(side, 'link.account')
    await browser.client('link.client', client => client.linkSocial({ provider: 'gitlab', callbackURL: '/home' }))
    await browser.post('link.unknown', path, { provider: 'nowhere' })
    await browser.post('link.untrusted', path, { provider: 'gitlab', errorCallbackURL: 'https://evil.example' })
    await browser.post('link.id-token', path, { provider: 'gitlab', idToken: { token: 'x' } })
    await begin(browser, 'link.no-redirect', { disableRedirect: true, scopes: ['api'] }, path)
    await arrive(browser, 'link.unproven', { path, user: { id: 1, email: ann.email } })
    await arrive(browser, 'link.other-email', { path, user: { ...gil, id: 1 } })
    await arrive(browser, 'link.ok', { path, user: { ...gil, id: 1, email: 'Ann@Example.com' } })
    await arrive(browser, 'link.again', { path, user: { ...gil, id: 1, email: ann.email } })
    await browser.get('link.accounts', '/list-accounts')
    await browser.get('link.session', '/get-session')
    await arrive(side.visitor(), 'link.taken-sign-up', { user: { ...gil, id: 2 } })
    await arrive(browser, 'link.taken', { path, user: { ...gil, id: 2, email: ann.email } })
  },
}

const linkingOptions: Scenario = {
  name: 'social-linking-options',
  options: withGitlab(
    {},
    {
      account: {
        accountLinking: {
          trustedProviders: ['gitlab'],
          allowDifferentEmails: true,
          requireLocalEmailVerified: false,
          allowUnlinkingAll: true,
        },
      },
    },
  ),
  async run(side) {
    await signedUp(side, 'linking.account')
    const browser = side.visitor()
    await arrive(browser, 'linking.implicit', { user: { id: 1, email: ann.email } })
    await browser.get('linking.session', '/get-session')
    await arrive(browser, 'linking.different', { path: '/link-social', user: { id: 2, email: 'other@example.com' } })
    await arrive(browser, 'linking.no-email', { path: '/link-social', user: { id: 3 } })
    await browser.get('linking.accounts', '/list-accounts')
    await browser.post('linking.unlink-one', '/unlink-account', { providerId: 'gitlab', accountId: '2' })
    await browser.post('linking.unlink-unknown', '/unlink-account', { providerId: 'gitlab', accountId: '99' })
    for (const [index, providerId] of ['gitlab', 'gitlab', 'credential', 'credential'].entries()) {
      await browser.post(`linking.unlink-${index}`, '/unlink-account', { providerId })
    }
    await browser.get('linking.accounts-after', '/list-accounts')
  },
}

const noImplicitLinking: Scenario = {
  name: 'social-no-implicit-linking',
  options: withGitlab(
    { disableImplicitSignUp: true },
    {
      account: {
        updateAccountOnSignIn: false,
        accountLinking: { disableImplicitLinking: true, requireLocalEmailVerified: false },
      },
    },
  ),
  async run(side) {
    await signedUp(side, 'explicit.account')
    await arrive(side.visitor(), 'explicit.linking', { user: { ...gil, email: ann.email } })
    await arrive(side.visitor(), 'explicit.no-sign-up')
    const browser = side.visitor()
    await arrive(browser, 'explicit.sign-up', { input: { requestSignUp: true } })
    await arrive(side.visitor(), 'explicit.sign-in')
    await browser.post('explicit.last', '/unlink-account', { providerId: 'gitlab' })
    await browser.post('explicit.last-unknown', '/unlink-account', { providerId: 'nowhere' })
    await browser.post('explicit.unlink-nothing', '/unlink-account', {})
    await side.visitor().post('explicit.unlink-no-session', '/unlink-account', { providerId: 'gitlab' })
  },
}

const signUpClosed: Scenario = {
  name: 'social-sign-up-closed',
  options: withGitlab(
    { disableSignUp: true },
    { account: { accountLinking: { enabled: false } }, onAPIError: { errorURL: '/failed?x=1' } },
  ),
  async run(side) {
    await arrive(side.visitor(), 'closed.sign-up', { input: { requestSignUp: true } })
    await arrive(side.visitor(), 'closed.default-page', { input: { errorCallbackURL: undefined } })
    await side.visitor().get('closed.no-state', '/callback/gitlab')
    await side.visitor().get('closed.unknown-state', '/callback/gitlab?state=unknown')
    const browser = await signedUp(side, 'closed.account')
    await arrive(browser, 'closed.link', { path: '/link-social', user: { ...gil, email: ann.email } })
  },
}

const overriding: Scenario = {
  name: 'social-overriding',
  options: withGitlab({ overrideUserInfoOnSignIn: true }),
  async run(side) {
    const browser = side.visitor()
    await arrive(browser, 'override.first', { user: { id: 1, email: 'one@example.com' } })
    await browser.get('override.session', '/get-session')
    await arrive(browser, 'override.proven', { user: { id: 1, email: 'one@example.com', email_verified: true } })
    await browser.get('override.proven-session', '/get-session')
    await arrive(browser, 'override.moved', { user: { id: 1, name: 'One', email: 'uno@example.com' } })
    await browser.get('override.moved-session', '/get-session')
  },
}

const socialVerification: Scenario = {
  name: 'social-verification',
  options: {
    build: (mails, origin) => ({
      ...withGitlab().build(mails, origin),
      emailVerification: {
        sendOnSignUp: true,
        sendVerificationEmail: async data => void mails.push({ kind: 'verify-email', ...data }),
      },
      databaseHooks: {
        user: { create: { before: async user => (user.email.startsWith('no') ? false : undefined) } },
      },
    }),
  },
  async run(side) {
    await arrive(side.visitor(), 'social-mail.unproven', { user: { id: 1, email: 'one@example.com' } })
    await arrive(side.visitor(), 'social-mail.again', { user: { id: 1, email: 'one@example.com' } })
    await arrive(side.visitor(), 'social-mail.proven', { user: { ...gil, id: 2 } })
    await arrive(side.visitor(), 'social-mail.refused', { user: { ...gil, id: 3, email: 'no@example.com' } })
  },
}

export const socialScenarios: Scenario[] = [
  socialSignIn,
  socialErrors,
  socialForm,
  linkSocial,
  linkingOptions,
  noImplicitLinking,
  signUpClosed,
  overriding,
  socialVerification,
]
