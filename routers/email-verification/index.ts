import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { type EmailVerificationRouter, emailVerificationProcedures } from './procedures.ts'

export type { EmailVerificationRouter } from './procedures.ts'

/** Proof of mailboxes by mailed links: of the address someone signed up with, and of a new one. */
export function emailVerification(): Plugin<EmailVerificationRouter> {
  return definePlugin<EmailVerificationRouter>({ id: 'email-verification', procedures: emailVerificationProcedures })
}
