import { randomUUID } from 'node:crypto'

export type Mail = {
  id: string
  to: string
  subject: string
  text: string
  url: string
  linkText: string
  sentAt: string
}

export type Inbox = { deliver(mail: Omit<Mail, 'id' | 'sentAt'>): void; list(): Mail[] }

/** Keeps the last mails in memory, newest first. For the demo only: whoever reads it can reset any password. */
export function createInbox(limit = 50): Inbox {
  let mails: Mail[] = []
  return {
    deliver: mail => {
      mails = [{ ...mail, id: randomUUID(), sentAt: new Date().toISOString() }, ...mails].slice(0, limit)
    },
    list: () => mails,
  }
}
