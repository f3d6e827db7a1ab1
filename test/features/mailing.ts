/** A message that one of the callbacks was given. */
export interface SentMail {
  kind: string
  to: string
  url: string
  token: string
  newEmail?: string
  oldEmail?: string
}

type Message = { user: { email: string }; url?: string; token?: string; newEmail?: string; oldEmail?: string }

/** Callbacks that keep what they are given, and a way to wait for what goes on after the answers. */
export function createMailing() {
  const sent: SentMail[] = []
  const running = new Set<Promise<unknown>>()
  const keep = (kind: string) => (message: Message) => {
    const { user, url = '', token = '', ...rest } = message
    sent.push({ kind, to: user.email, url, token, ...rest })
  }
  const settled = async () => {
    while (running.size > 0) await Promise.all(running)
  }
  const handler = (task: Promise<unknown>) => {
    running.add(task)
    void task.finally(() => running.delete(task))
  }
  return {
    sent,
    keep,
    settled,
    advanced: { backgroundTasks: { handler } },
    emailVerification: { sendVerificationEmail: keep('verify') },
    /** The newest message. */
    last: async (): Promise<SentMail> => {
      await settled()
      const mail = sent.at(-1)
      if (!mail) throw new Error('nothing was sent')
      return mail
    },
    /** What was sent, in short, and from now on forgotten. */
    take: async (): Promise<string[]> => {
      await settled()
      return sent.splice(0).map(({ kind, to }) => `${kind} ${to}`)
    },
  }
}

/** The path of a mailed link, as a browser on the site would open it. */
export function pathOf({ url }: SentMail): string {
  const { pathname, search } = new URL(url)
  return pathname.replace('/api/auth', '') + search
}
