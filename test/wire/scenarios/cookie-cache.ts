import { ann, password, pause, type Scenario, withMail } from '../scenario.ts'

type Strategy = 'compact' | 'jwt' | 'jwe'

function cacheScenario(strategy: Strategy): Scenario {
  return {
    name: `cookie-cache-${strategy}`,
    pending: 'session.cookieCache',
    options: {
      build: mails => ({
        emailAndPassword: withMail(mails),
        user: {
          additionalFields: { note: { type: 'string', required: false, returned: false, defaultValue: 'hidden' } },
        },
        session: { cookieCache: { enabled: true, maxAge: 60, strategy } },
      }),
    },
    async run(side) {
      const step = (id: string) => `cache.${strategy}-${id}`
      const browser = side.visitor()
      await browser.post(step('sign-up'), '/sign-up/email', ann)
      await browser.get(step('session'), '/get-session')
      await browser.get(step('session-from-database'), '/get-session?disableCookieCache=true')
      await browser.post(step('update-user'), '/update-user', { name: 'Ann B.' })
      const before = browser.jar.get('session_data')
      await browser.client(step('session-after-update'), client => client.getSession())
      const revoker = side.visitor()
      await revoker.post(step('second'), '/sign-in/email', { email: ann.email, password })
      await revoker.post(step('revoke-others'), '/revoke-other-sessions', {})
      await browser.get(step('revoked-but-cached'), '/get-session')
      await browser.post(step('revoked-sensitive'), '/revoke-sessions', {})
      await browser.get(step('revoked-not-cached'), '/get-session?disableCookieCache=true')
      await revoker.get(step('own-session'), '/get-session')
      revoker.jar.set('better-auth.session_data', `${before.slice(0, -8)}AAAAAAAA`)
      await revoker.get(step('tampered-cache'), '/get-session')
      await revoker.get(step('after-tampered-cache'), '/get-session')
      await revoker.post(step('sign-out'), '/sign-out', {})
      const forgetful = side.visitor()
      await forgetful.post(step('forgetful'), '/sign-in/email', { email: ann.email, password, rememberMe: false })
      await forgetful.get(step('forgetful-session'), '/get-session')
    },
  }
}

export const cacheExpiry: Scenario = {
  name: 'cookie-cache-expiry',
  pending: 'session.cookieCache',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      session: { cookieCache: { enabled: true, maxAge: 1, version: '7' } },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('cache.expiry-sign-up', '/sign-up/email', ann)
    const cached = browser.jar.get('session_data')
    await pause(1200)
    browser.jar.set('better-auth.session_data', cached)
    await browser.get('cache.expiry-expired', '/get-session')
  },
}

export const cookieCacheScenarios: Scenario[] = [
  ...(['compact', 'jwt', 'jwe'] as const).map(cacheScenario),
  cacheExpiry,
]
