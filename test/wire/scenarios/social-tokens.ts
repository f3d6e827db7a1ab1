import { codeOf } from '../local-gitlab.ts'
import { ann, type Scenario, withMail } from '../scenario.ts'
import type { Visitor } from '../side.ts'
import { arrive, withGitlab } from './social.ts'

const gil = { id: 7, email: 'gil@example.com', email_verified: true }
const gitlab = { providerId: 'gitlab' }

/** Somebody whose access token is good for so many seconds. */
async function withToken(browser: Visitor, step: string, seconds?: number) {
  await arrive(browser, step, { query: state => `code=${codeOf(gil, seconds)}&state=${state}` })
}

async function askForTokens(browser: Visitor, prefix: string): Promise<void> {
  await browser.post(`${prefix}.access`, '/get-access-token', gitlab)
  await browser.post(`${prefix}.access-by-subject`, '/get-access-token', { ...gitlab, accountId: '7' })
  await browser.post(`${prefix}.access-other-subject`, '/get-access-token', { ...gitlab, accountId: '8' })
  await browser.get(`${prefix}.info`, '/account-info?accountId=7')
  await browser.get(`${prefix}.info-unnamed`, '/account-info')
  await browser.post(`${prefix}.refresh`, '/refresh-token', gitlab)
  await browser.post(`${prefix}.access-after`, '/get-access-token', gitlab)
}

const socialTokens: Scenario = {
  name: 'social-tokens',
  options: withGitlab(),
  async run(side) {
    const browser = side.visitor()
    await withToken(browser, 'tokens.sign-in')
    await askForTokens(browser, 'tokens')
    await browser.client('tokens.client-access', client => client.getAccessToken(gitlab as never))
    await browser.client('tokens.client-refresh', client => client.refreshToken(gitlab as never))
    await browser.client('tokens.client-info', client => client.accountInfo({ query: { accountId: '7' } } as never))
    await browser.post('tokens.access-unknown', '/get-access-token', { providerId: 'nowhere' })
    await browser.post('tokens.access-empty', '/get-access-token', {})
    await browser.post('tokens.refresh-unknown', '/refresh-token', { providerId: 'nowhere' })
    await browser.post('tokens.refresh-other-subject', '/refresh-token', { ...gitlab, accountId: '8' })
    await browser.get('tokens.info-unknown', '/account-info?accountId=8')
    const stranger = side.visitor()
    await stranger.post('tokens.access-no-session', '/get-access-token', { ...gitlab, userId: 'x' })
    await stranger.post('tokens.refresh-no-session', '/refresh-token', { ...gitlab, userId: 'x' })
    await stranger.get('tokens.info-no-session', '/account-info?accountId=7')
    await stranger.get('tokens.list-no-session', '/list-accounts')
    const ours = side.visitor()
    await ours.post('tokens.sign-up', '/sign-up/email', ann)
    await ours.post('tokens.access-not-linked', '/get-access-token', gitlab)
    await ours.post('tokens.refresh-not-linked', '/refresh-token', gitlab)
    await ours.get('tokens.info-of-another', '/account-info?accountId=7')
    const { json } = await ours.get('tokens.own-accounts', '/list-accounts')
    const [{ accountId }] = json as [{ accountId: string }]
    await ours.post('tokens.access-credential', '/get-access-token', { providerId: 'credential' })
    await ours.get('tokens.info-credential', `/account-info?accountId=${accountId}`)
  },
}

const expiredTokens: Scenario = {
  name: 'social-tokens-expired',
  options: withGitlab({}, { account: { encryptOAuthTokens: true } }),
  async run(side) {
    const browser = side.visitor()
    await withToken(browser, 'expired.sign-in', 3)
    await askForTokens(browser, 'expired')
    // The provider takes back whom it does not know.
    const second = side.visitor()
    await arrive(second, 'expired.broken-sign-in', {
      query: state => `code=${codeOf({ ...gil, id: 8, email: 'b@example.com', breaks: true }, 3)}&state=${state}`,
    })
    await second.post('expired.broken-access', '/get-access-token', gitlab)
    await second.post('expired.broken-refresh', '/refresh-token', gitlab)
  },
}

const accountCookie: Scenario = {
  name: 'social-account-cookie',
  options: withGitlab({}, { account: { storeAccountCookie: true, storeStateStrategy: 'cookie' } }),
  async run(side) {
    const browser = side.visitor()
    await withToken(browser, 'account-cookie.sign-in')
    await askForTokens(browser, 'account-cookie')
    await side.visitor().get('account-cookie.no-cookie', `/callback/gitlab?code=${codeOf(gil)}&state=unknown`)
    await arrive(browser, 'account-cookie.other-state', { query: () => `code=${codeOf(gil)}&state=unknown` })
    await browser.post('account-cookie.sign-out', '/sign-out')
  },
}

const idTokens: Scenario = {
  name: 'social-id-token',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      socialProviders: {
        vercel: { clientId: 'cid', clientSecret: 'cs' },
        google: {
          clientId: 'cid',
          clientSecret: 'cs',
          // The token says who it is.
          verifyIdToken: async (token: string) => token !== 'bad',
          getUserInfo: async ({ idToken = '' }) => {
            if (idToken === 'nobody') return null
            const [id = '', email = '', verified] = (idToken || 'one one@example.com yes').split(' ')
            const user = { id, name: id, email, emailVerified: verified === 'yes' }
            return { user: email ? user : { id, name: id, emailVerified: false }, data: { ...user } } as never
          },
        },
      },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    const send = (step: string, token: string, more: object = {}, path = '/sign-in/social', by = browser) =>
      by.post(step, path, { provider: 'google', idToken: { token, ...more } })
    await send('id-token.bad', 'bad')
    await send('id-token.nobody', 'nobody')
    await send('id-token.no-email', 'one')
    await send('id-token.ok', 'one one@example.com yes', { accessToken: 'mine', refreshToken: 'mine' })
    await browser.get('id-token.accounts', '/list-accounts')
    await send('id-token.again', 'one one@example.com yes')
    await browser.post('id-token.access', '/get-access-token', { providerId: 'google' })
    await browser.post('id-token.refresh', '/refresh-token', { providerId: 'google' })
    await browser.get('id-token.info', '/account-info?accountId=one')
    await browser.post('id-token.refresh-unsupported', '/refresh-token', { providerId: 'vercel' })
    await browser.post('id-token.no-token', '/sign-in/social', { provider: 'google', idToken: {} })
    const other = side.visitor()
    await other.post('id-token.account', '/sign-up/email', ann)
    await send('id-token.not-linked', `two ${ann.email} yes`)
    const link = (step: string, token: string) => send(step, token, {}, '/link-social', other)
    await link('id-token.link-bad', 'bad')
    await link('id-token.link-nobody', 'nobody')
    await link('id-token.link-no-email', 'two')
    await link('id-token.link-unproven', `two ${ann.email} no`)
    await link('id-token.link-other-email', 'two two@example.com yes')
    await link('id-token.link', `two ${ann.email} yes`)
    await link('id-token.link-again', `two ${ann.email} yes`)
    await other.get('id-token.info-without-token', '/account-info?accountId=two')
    await link('id-token.link-taken', `one ${ann.email} yes`)
    await other.get('id-token.linked', '/list-accounts')
  },
}

export const socialTokenScenarios: Scenario[] = [socialTokens, expiredTokens, accountCookie, idTokens]
