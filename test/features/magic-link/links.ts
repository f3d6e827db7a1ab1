import { type MagicLinkMail, type MagicLinkOptions, magicLink } from '../../../routers/magic-link/index.ts'
import { createMailing } from '../mailing.ts'

/** The plugin with an outbox. */
export function createLinks(options: Partial<MagicLinkOptions> = {}) {
  const mails: MagicLinkMail[] = []
  const { settled, advanced } = createMailing()
  const plugin = magicLink({ sendMagicLink: mail => void mails.push(mail), ...options })
  /** The newest mail, once it is sent. */
  const last = async (): Promise<MagicLinkMail> => {
    await settled()
    const mail = mails.at(-1)
    if (!mail) throw new Error('nothing was mailed')
    return mail
  }
  /** The path of the newest link, as a browser on the site would open it. */
  const lastPath = async () => {
    const { pathname, search } = new URL((await last()).url)
    return pathname.replace('/api/auth', '') + search
  }
  return { plugin, mails, settled, advanced, last, lastPath }
}
