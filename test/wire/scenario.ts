import type { Mail, OptionSet } from './servers.ts'
import type { Side } from './side.ts'

/** A story told to both servers, each started anew with the same options. */
export interface Scenario {
  name: string
  options: OptionSet
  /** The option it needs that Kernia does not have yet; told to the official server only when compared with itself. */
  pending?: string
  run(side: Side): Promise<void>
}

export const password = 'correct horse battery'
export const otherPassword = 'another good passphrase'

/** Options with e-mail and password turned on and every message kept. */
export function withMail(mails: Mail[]) {
  return {
    enabled: true,
    sendResetPassword: async (data: object) => void mails.push({ kind: 'reset-password', ...data }),
    onPasswordReset: async (data: object) => void mails.push({ kind: 'password-was-reset', ...data }),
  }
}

export const plainOptions: OptionSet = {
  build: mails => ({ emailAndPassword: withMail(mails) }),
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

export const ann = { name: 'Ann', email: 'ann@example.com', password }
