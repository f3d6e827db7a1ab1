/** A message that an application would have mailed. */
export interface Mail {
  to: string
  url: string
  token: string
}

/** Takes mails instead of a mail server. */
export interface Inbox {
  /** Give this as `sendResetPassword` and the like. */
  deliver(mail: { user: { email: string }; url: string; token: string }): void
  /** All mails so far, oldest first. */
  readonly mails: readonly Mail[]
  /** The newest mail to this address; waits for one that has not arrived yet, at most `timeoutMs` (default 2000). */
  waitFor(to: string, timeoutMs?: number): Promise<Mail>
}

/** An inbox in memory, for tests of flows that mail a link. */
export function createInbox(): Inbox {
  const mails: Mail[] = []
  return {
    mails,
    deliver: ({ user, url, token }) => {
      mails.push({ to: user.email, url, token })
    },
    waitFor: async (to, timeoutMs = 2000) => {
      const end = Date.now() + timeoutMs
      for (;;) {
        const mail = mails.findLast(candidate => candidate.to === to)
        if (mail) return mail
        if (Date.now() > end) throw new Error(`no mail to ${to} within ${timeoutMs} ms`)
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    },
  }
}
