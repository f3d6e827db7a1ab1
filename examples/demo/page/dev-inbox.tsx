import { useEffect, useState } from 'react'
import type { Mail } from '../inbox.ts'
import { Moment } from './moment.tsx'

const pollEveryMilliseconds = 3000

/** Follows the mails the server would have sent. `asked` changes when one is expected, so that it shows at once. */
function useInbox(asked: number): { mails: Mail[]; isReachable: boolean } {
  const [mails, setMails] = useState<Mail[]>([])
  const [isReachable, setReachable] = useState(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is the reason to look, not an input
  useEffect(() => {
    const load = async () => {
      if (document.hidden) return
      const response = await fetch('/dev/inbox').catch(() => null)
      setReachable(response?.ok === true)
      if (response?.ok) setMails(((await response.json()) as { mails: Mail[] }).mails)
    }
    void load()
    const timer = setInterval(load, pollEveryMilliseconds)
    return () => clearInterval(timer)
  }, [asked])
  return { mails, isReachable }
}

export function DevInbox({ asked }: { asked: number }) {
  const { mails, isReachable } = useInbox(asked)
  return (
    <aside className="inbox" aria-labelledby="inbox-title">
      <div className="row">
        <h2 id="inbox-title">Dev inbox</h2>
        {mails.length > 0 && <span className="badge accent">{mails.length}</span>}
      </div>
      <p className="lead">Mails are kept here instead of being sent.</p>
      <div aria-live="polite">
        {!isReachable && <p className="empty">The inbox cannot be read right now.</p>}
        {isReachable && mails.length === 0 && <p className="empty">No mail yet.</p>}
        <ul className="mails">
          {mails.map(mail => (
            <li key={mail.id}>
              <p className="mail-head">
                <strong>{mail.subject}</strong>
                <span className="hint">
                  to {mail.to} · <Moment at={mail.sentAt} />
                </span>
              </p>
              <p>{mail.text}</p>
              {mail.code && <p className="one-time-code">{mail.code}</p>}
              {mail.link && (
                <a className="button" href={mail.link.url}>
                  {mail.link.text}
                </a>
              )}
            </li>
          ))}
        </ul>
      </div>
    </aside>
  )
}
