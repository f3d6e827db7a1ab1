import type { InvitationMail } from '../../routers/organization/index.ts'
import type { Inbox } from './inbox.ts'

type Person = { name: string; email: string }

/** The mails of the demo, each as the callback that a feature takes. */
export function createMails(inbox: Inbox, baseURL: string) {
  return {
    resetPassword: ({ user, url }: { user: Person; url: string }) =>
      inbox.deliver({
        to: user.email,
        subject: 'Reset your password',
        text: `Hello ${user.name}, someone asked for a new password for your account. If it was not you, do nothing.`,
        link: { url, text: 'Choose a new password' },
      }),
    proveAddress: ({ user, url }: { user: Person; url: string }) =>
      inbox.deliver({
        to: user.email,
        subject: 'Is this your address?',
        text: `Hello ${user.name}, follow the link to prove that this mailbox is yours.`,
        link: { url, text: 'Prove the address' },
      }),
    magicLink: ({ email, url }: { email: string; url: string }) =>
      inbox.deliver({
        to: email,
        subject: 'Sign in',
        text: 'The link works once, for five minutes.',
        link: { url, text: 'Sign in with this link' },
      }),
    code: ({ email, otp }: { email: string; otp: string }) =>
      inbox.deliver({ to: email, subject: 'Your code', text: 'It works once, for five minutes.', code: otp }),
    secondFactor: ({ user, otp }: { user: Person; otp: string }) =>
      inbox.deliver({
        to: user.email,
        subject: 'Your second factor',
        text: 'Somebody who knows your password is signing in. It works once, for three minutes.',
        code: otp,
      }),
    invitation: ({ email, organization, inviter, role }: InvitationMail) =>
      inbox.deliver({
        to: email,
        subject: `Join ${organization.name}`,
        text: `${inviter.user.name} invites you to ${organization.name} as ${role}.`,
        link: { url: `${baseURL}/organizations`, text: 'See the invitation' },
      }),
  }
}
