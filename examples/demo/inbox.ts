import { randomUUID } from 'node:crypto'

/** A mail has a link to follow, or a code to type in. */
export type Mail = {
  id: string
  to: string
  subject: string
  text: string
  link?: { url: string; text: string }
  code?: string
  sentAt: string
}

export type Inbox = { deliver(mail: Omit<Mail, 'id' | 'sentAt'>): void; list(): Mail[] }

/** Keeps the last mails in memory, newest first. For the demo only: whoever reads it can sign in as anybody. */
export function createInbox(limit = 50): Inbox {
  let mails: Mail[] = []
  return {
    deliver: mail => {
      mails = [{ ...mail, id: randomUUID(), sentAt: new Date().toISOString() }, ...mails].slice(0, limit)
    },
    list: () => mails,
  }
}
