import { createHmac } from 'node:crypto'
import { ann, password, pause, type Scenario, withMail } from '../scenario.ts'
import { secret } from '../servers.ts'
import type { Side, Visitor } from '../side.ts'

type Strategy = 'compact' | 'jwt' | 'jwe'

const strategies: Strategy[] = ['compact', 'jwt', 'jwe']
const credentials = { email: ann.email, password }
const cookie = 'better-auth.session_data'

function cacheScenario(strategy: Strategy): Scenario {
  return {
    name: `cookie-cache-${strategy}`,
    options: {
      build: mails => ({
        emailAndPassword: withMail(mails),
        user: {
          additionalFields: { note: { type: 'string', required: false, returned: false, defaultValue: 'hidden' } },
        },
        session: {
          cookieCache: { enabled: true, maxAge: 60, strategy },
          additionalFields: {
            theme: { type: 'string', required: false, input: true },
            key: { type: 'string', required: false, returned: false, defaultValue: 'hidden' },
          },
        },
      }),
    },
    async run(side) {
      const step = (id: string) => `cache.${strategy}-${id}`
      const browser = side.visitor()
      await changing(browser, step)
      await revoking(side, browser, step)
      await forgetting(side, step)
    },
  }
}

type Step = (id: string) => string

async function changing(browser: Visitor, step: Step): Promise<void> {
  await browser.post(step('sign-up'), '/sign-up/email', ann)
  await browser.get(step('session'), '/get-session')
  await browser.get(step('list-sessions'), '/list-sessions')
  await browser.get(step('session-from-database'), '/get-session?disableCookieCache=true')
  await browser.get(step('session-not-refreshed'), '/get-session?disableCookieCache=true&disableRefresh=true')
  await browser.post(step('update-user'), '/update-user', { name: 'Ann B.' })
  await browser.client(step('session-after-update'), client => client.getSession())
  await browser.post(step('update-session'), '/update-session', { theme: 'dark' })
  await browser.client(step('session-after-update-session'), client => client.getSession())
  await browser.post(step('verify-password'), '/verify-password', { password })
  const cached = browser.jar.get('session_data')
  browser.jar.set(cookie, `${cached.slice(0, -8)}AAAAAAAA`)
  await browser.get(step('tampered-cache'), '/get-session')
  await browser.get(step('after-tampered-cache'), '/get-session')
  browser.jar.set(cookie, 'garbage')
  await browser.get(step('garbage-cache'), '/get-session')
  await browser.get(step('after-garbage-cache'), '/get-session')
}

async function revoking(side: Side, browser: Visitor, step: Step): Promise<void> {
  const revoker = side.visitor()
  await revoker.post(step('second'), '/sign-in/email', credentials)
  await revoker.post(step('revoke-others'), '/revoke-other-sessions', {})
  const witness = side.visitor()
  for (const name of browser.jar.names()) witness.jar.set(name, browser.jar.get(name))
  await witness.get(step('revoked-but-cached'), '/get-session')
  await browser.post(step('revoked-sensitive'), '/revoke-sessions', {})
  await browser.post(step('revoked-update-user'), '/update-user', { name: 'Ann B.' })
  await browser.get(step('revoked-not-cached'), '/get-session?disableCookieCache=true')
  await revoker.get(step('own-session'), '/get-session')
  // Somebody else's session beside one's own cache.
  const other = side.visitor()
  await other.post(step('third'), '/sign-in/email', credentials)
  other.jar.set(cookie, revoker.jar.get('session_data'))
  await other.get(step('cache-of-another-session'), '/get-session')
  await other.post(step('change-password'), '/change-password', {
    currentPassword: password,
    newPassword: password,
    revokeOtherSessions: true,
  })
  await other.get(step('session-after-change-password'), '/get-session')
  await other.post(step('sign-out'), '/sign-out', {})
  const last = side.visitor()
  await last.post(step('fourth'), '/sign-in/email', credentials)
  await last.post(step('revoke-all'), '/revoke-sessions', {})
}

async function forgetting(side: Side, step: Step): Promise<void> {
  const forgetful = side.visitor()
  await forgetful.post(step('forgetful'), '/sign-in/email', { ...credentials, rememberMe: false })
  await forgetful.get(step('forgetful-session'), '/get-session')
  await forgetful.get(step('forgetful-from-database'), '/get-session?disableCookieCache=true')
  await forgetful.post(step('forgetful-update-user'), '/update-user', { name: 'Ann C.' })
  await forgetful.post(step('forgetful-sign-out'), '/sign-out', {})
}

const expiry: Scenario = {
  name: 'cookie-cache-expiry',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      session: { cookieCache: { enabled: true, maxAge: 1, version: '7' } },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('cache.expiry-sign-up', '/sign-up/email', ann)
    await pause(1200)
    await browser.get('cache.expiry-expired', '/get-session')
    await browser.get('cache.expiry-renewed', '/get-session')
  },
}

const versions: Scenario = {
  name: 'cookie-cache-version',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      session: { cookieCache: { enabled: true, maxAge: 60, version: (_session, user) => `v-${user.name}` } },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('cache.version-sign-up', '/sign-up/email', ann)
    await browser.get('cache.version-session', '/get-session')
    browser.jar.set(cookie, withVersion(browser.jar.get('session_data'), 'v-older'))
    await browser.get('cache.version-older', '/get-session')
    await browser.get('cache.version-after-older', '/get-session')
    await browser.post('cache.version-update-user', '/update-user', { name: 'Bea' })
    await browser.get('cache.version-after-update', '/get-session')
  },
}

/** The same cache in another version, signed as the server would have. */
function withVersion(value: string, version: string): string {
  const parsed = JSON.parse(Buffer.from(value, 'base64url').toString('utf8'))
  const payload = { ...parsed.session, version }
  const text = JSON.stringify({ ...payload, expiresAt: parsed.expiresAt })
  const signature = createHmac('sha256', secret).update(text).digest('base64url')
  return Buffer.from(JSON.stringify({ session: payload, expiresAt: parsed.expiresAt, signature })).toString('base64url')
}

function chunkScenario(strategy: Strategy): Scenario {
  const long = 'a long note '.repeat(500)
  return {
    name: `cookie-cache-chunks-${strategy}`,
    options: {
      build: mails => ({
        emailAndPassword: withMail(mails),
        user: { additionalFields: { note: { type: 'string', required: false, input: true } } },
        session: { cookieCache: { enabled: true, maxAge: 60, strategy } },
      }),
    },
    async run(side) {
      const step = (id: string) => `cache.chunks-${strategy}-${id}`
      const browser = side.visitor()
      await browser.post(step('sign-up'), '/sign-up/email', { ...ann, note: long })
      await browser.get(step('session'), '/get-session')
      await browser.post(step('shorter'), '/update-user', { note: 'short' })
      await browser.get(step('session-shorter'), '/get-session')
      await browser.post(step('longer'), '/update-user', { note: long })
      await browser.get(step('session-longer'), '/get-session')
      await browser.post(step('sign-out'), '/sign-out', {})
    },
  }
}

const deferred: Scenario = {
  name: 'cookie-cache-deferred',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      session: { updateAge: 0, deferSessionRefresh: true, cookieCache: { enabled: true, maxAge: 60 } },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('cache.deferred-sign-up', '/sign-up/email', ann)
    await pause(20)
    await browser.get('cache.deferred-cached', '/get-session')
    await browser.get('cache.deferred-from-database', '/get-session?disableCookieCache=true')
    await browser.post('cache.deferred-refresh', '/get-session', {})
    const forgetful = side.visitor()
    await forgetful.post('cache.deferred-forgetful', '/sign-in/email', { ...credentials, rememberMe: false })
    await forgetful.get('cache.deferred-forgetful-from-database', '/get-session?disableCookieCache=true')
  },
}

const refreshing: Scenario = {
  name: 'cookie-cache-refresh',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      session: { updateAge: 0, cookieCache: { enabled: true, maxAge: 60 } },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('cache.refresh-sign-up', '/sign-up/email', ann)
    await pause(20)
    await browser.get('cache.refresh-cached', '/get-session')
    await browser.get('cache.refresh-due', '/get-session?disableCookieCache=true')
    await browser.get('cache.refresh-off', '/get-session?disableCookieCache=true&disableRefresh=true')
  },
}

const named: Scenario = {
  name: 'cookie-cache-named',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      session: { cookieCache: { enabled: true } },
      advanced: {
        useSecureCookies: true,
        cookies: { session_data: { name: 'cached', attributes: { sameSite: 'strict', path: '/api' } } },
      },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('cache.named-sign-up', '/sign-up/email', ann)
    await browser.get('cache.named-session', '/get-session')
    await browser.post('cache.named-sign-out', '/sign-out', {})
  },
}

export const cookieCacheScenarios: Scenario[] = [
  ...strategies.map(cacheScenario),
  expiry,
  versions,
  ...strategies.map(chunkScenario),
  deferred,
  refreshing,
  named,
]
