import type { EmailAndPasswordOptions } from '../../src/options/index.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { type EmailPasswordRouter, emailPasswordProcedures } from './procedures.ts'
import { type EmailPasswordServerRouter, emailPasswordServerProcedures } from './set.ts'

export {
  type PasswordRefusals,
  type PasswordSignIn,
  signedInSchema,
  signInWithPassword,
} from './password-sign-in.ts'
export { assertAcceptable, choiceErrors } from './passwords.ts'
export type { EmailPasswordRouter } from './procedures.ts'
export type { EmailPasswordServerRouter } from './set.ts'
export { type SignUp, signUp, signUpErrors } from './sign-up.ts'

type None = Record<never, never>

/** The plugin together with the options it was given, which `init` merges with `options.emailAndPassword`. */
export interface EmailAndPasswordPlugin extends Plugin<EmailPasswordRouter, None, never, EmailPasswordServerRouter> {
  emailAndPassword: EmailAndPasswordOptions
}

/**
 * Sign-up and sign-in with e-mail and password, password reset and change.
 * `plugins: [emailAndPassword(options)]` and `emailAndPassword: { enabled: true, ...options }` mean the same.
 */
export function emailAndPassword(options: EmailAndPasswordOptions = {}): EmailAndPasswordPlugin {
  const plugin = definePlugin<EmailPasswordRouter, None, never, EmailPasswordServerRouter>({
    id: 'email-password',
    signInMethod: 'email-password',
    procedures: emailPasswordProcedures,
    serverProcedures: emailPasswordServerProcedures,
  })
  return { ...plugin, emailAndPassword: { enabled: true, ...options } }
}
