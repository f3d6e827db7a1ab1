import { lastLoginMethod } from 'better-auth/plugins'
import { ann, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import { arrive, gitlabOptions } from './social.ts'

type Settings = NonNullable<Parameters<typeof lastLoginMethod>[0]>

function remembering(settings: Settings = {}): OptionSet {
  return {
    build: mails => ({
      emailAndPassword: withMail(mails),
      socialProviders: { gitlab: gitlabOptions },
      plugins: [lastLoginMethod(settings)],
    }),
    ourPlugins: async () => {
      const ours = await import('../../../routers/last-login-method/index.ts')
      const { customResolveMethod, ...rest } = settings
      // Only what both contexts have is read.
      const resolve = customResolveMethod as ((ctx: unknown) => string | null) | undefined
      return [ours.lastLoginMethod({ ...rest, ...(resolve && { customResolveMethod: resolve }) })]
    },
  }
}

function remembered(name: string, settings?: Settings): Scenario {
  return {
    name: `last-login-${name}`,
    options: remembering(settings),
    async run(side) {
      const browser = side.visitor()
      const step = (what: string) => `last-${name}.${what}`
      await browser.post(step('sign-up'), '/sign-up/email', ann)
      await browser.get(step('session'), '/get-session')
      await browser.post(step('wrong'), '/sign-in/email', { ...ann, password: 'wrong password' })
      await browser.post(step('sign-out'), '/sign-out')
      await browser.post(step('sign-in'), '/sign-in/email', ann)
      await browser.post(step('update'), '/update-user', { name: 'Anna' })
      const other = side.visitor()
      await arrive(other, step('provider'))
      await other.get(step('provider-session'), '/get-session')
      await arrive(other, step('again'))
    },
  }
}

export const lastLoginMethodScenarios: Scenario[] = [
  remembered('cookie'),
  remembered('stored', { storeInDatabase: true }),
  remembered('own', {
    cookieName: 'last',
    maxAge: 60,
    customResolveMethod: ({ path }) => (path === '/sign-in/email' ? 'password' : null),
  }),
]
