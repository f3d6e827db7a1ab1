import type { BetterAuthOptions } from 'better-auth'
import { ann, password, type Scenario, withMail } from '../scenario.ts'

/** One life of a session: every cookie the core sets or clears shows up once. */
function cookieScenario(name: string, own: BetterAuthOptions): Scenario {
  return {
    name: `cookies-${name}`,
    options: { build: mails => ({ emailAndPassword: withMail(mails), ...own }) },
    async run(side) {
      const step = (id: string) => `cookies.${name}-${id}`
      const browser = side.visitor()
      await browser.post(step('sign-up'), '/sign-up/email', ann)
      await browser.get(step('session'), '/get-session')
      await browser.post(step('update-user'), '/update-user', { name: 'Ann B.' })
      await browser.post(step('sign-out'), '/sign-out', {})
      await browser.post(step('forgetful'), '/sign-in/email', { email: ann.email, password, rememberMe: false })
      await browser.get(step('forgetful-session'), '/get-session')
      await browser.post(step('forgetful-sign-out'), '/sign-out', {})
    },
  }
}

export const cookieScenarios: Scenario[] = [
  cookieScenario('secure', { advanced: { useSecureCookies: true } }),
  cookieScenario('prefix', { advanced: { cookiePrefix: 'my-app' } }),
  cookieScenario('attributes', {
    advanced: {
      defaultCookieAttributes: { sameSite: 'none', secure: true, partitioned: true, httpOnly: false, path: '/api' },
    },
  }),
  cookieScenario('domain', {
    advanced: { crossSubDomainCookies: { enabled: true, domain: '.example.com', additionalCookies: ['theirs'] } },
  }),
  cookieScenario('domain-default', { advanced: { crossSubDomainCookies: { enabled: true } } }),
  cookieScenario('renamed', {
    advanced: {
      useSecureCookies: true,
      cookies: {
        session_token: { name: 'sid', attributes: { sameSite: 'strict' } },
        dont_remember: { attributes: { maxAge: 99 } },
      },
    },
  }),
  cookieScenario('expires-in', { session: { expiresIn: 3600 } }),
]
