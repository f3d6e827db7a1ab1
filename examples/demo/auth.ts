import { admin } from '../../routers/admin/index.ts'
import { emailOTP } from '../../routers/email-otp/index.ts'
import { magicLink } from '../../routers/magic-link/index.ts'
import { organization } from '../../routers/organization/index.ts'
import { passkey } from '../../routers/passkey/index.ts'
import { twoFactor } from '../../routers/two-factor/index.ts'
import { type HookContext, init, mikroOrmAdapter } from '../../src/index.ts'
import type { Inbox } from './inbox.ts'
import { type LocalIdOptions, localId } from './local-id.ts'
import { createMails } from './mails.ts'
import { providersOfEnvironment } from './providers.ts'

type DemoAuthOptions = {
  baseURL: string
  trustedOrigins: string[]
  secret: string
  databaseFile: string
  inbox: Inbox
  identityProvider: LocalIdOptions
}

/** The whole configuration of the demo: everything on one SQLite file, mails to the dev inbox. */
export function createDemoAuth(options: DemoAuthOptions) {
  const { baseURL, trustedOrigins, secret, databaseFile, inbox, identityProvider } = options
  const mails = createMails(inbox, baseURL)
  return init({
    appName: 'Kernia demo',
    baseURL,
    trustedOrigins,
    secret,
    database: mikroOrmAdapter({ url: `sqlite:${databaseFile}` }),
    emailAndPassword: {
      enabled: true,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: mails.resetPassword,
    },
    emailVerification: { sendOnSignUp: true, sendVerificationEmail: mails.proveAddress },
    socialProviders: providersOfEnvironment(),
    // What goes wrong between a provider and the page ends on the page.
    onAPIError: { errorURL: `${baseURL}/` },
    // A signed-in user may connect a login that has another address, which is what sample people have.
    account: { accountLinking: { allowDifferentEmails: true } },
    plugins: [
      twoFactor({ otpOptions: { sendOTP: mails.secondFactor } }),
      passkey(),
      magicLink({ sendMagicLink: mails.magicLink }),
      emailOTP({ sendVerificationOTP: mails.code }),
      organization({ teams: { enabled: true }, sendInvitationEmail: mails.invitation }),
      admin(),
      localId(identityProvider),
    ],
    databaseHooks: { user: { create: { before: makeFirstUserAdmin } } },
  })
}

/** Only in a demo: elsewhere the first admin is made by whoever runs the server. */
async function makeFirstUserAdmin(_user: object, call: HookContext | null) {
  const count = await call?.context.adapter.count({ model: 'user' })
  return count === 0 ? { data: { role: 'admin' } } : undefined
}
