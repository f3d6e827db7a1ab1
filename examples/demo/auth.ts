import { init, mikroOrmAdapter } from '../../src/index.ts'
import type { Inbox } from './inbox.ts'

type DemoAuthOptions = { baseURL: string; trustedOrigins: string[]; secret: string; databaseFile: string; inbox: Inbox }

/** The whole configuration of the demo: e-mail and password on one SQLite file, mails to the dev inbox. */
export function createDemoAuth({ baseURL, trustedOrigins, secret, databaseFile, inbox }: DemoAuthOptions) {
  return init({
    appName: 'Kernia demo',
    baseURL,
    trustedOrigins,
    secret,
    database: mikroOrmAdapter({ url: `sqlite:${databaseFile}` }),
    emailAndPassword: {
      enabled: true,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, url }) => {
        inbox.deliver({
          to: user.email,
          subject: 'Reset your password',
          text: `Hello ${user.name}, someone asked for a new password for your account. If it was not you, do nothing.`,
          url,
          linkText: 'Choose a new password',
        })
      },
    },
  })
}
