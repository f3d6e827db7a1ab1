import { useCallback, useEffect, useState } from 'react'
import { authClient, type SessionData } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { Moment } from '../moment.tsx'
import type { Notify } from '../notice.tsx'
import { type Call, useAction } from '../use-action.ts'
import { deviceName, placeName } from './device-name.ts'

type Session = SessionData['session']
type SessionsProps = { current: SessionData; notify: Notify }

export function Sessions({ current, notify }: SessionsProps) {
  const [sessions, setSessions] = useState<Session[]>([current.session])
  const { run, isBusy, failure, fail } = useAction()

  const load = useCallback(async () => {
    const { data, error } = await authClient.listSessions()
    if (error) fail(error)
    else setSessions(data)
  }, [fail])
  // The client looks for the session again, which changes `current`, when one was revoked and when the window gets focus.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `current` is the reason to load, not an input
  useEffect(() => void load(), [load, current])

  const end = async (call: Call, done: string) => {
    if (!isBusy && (await run(call))) notify(done)
  }
  const revoke = ({ token }: Session) => end(() => authClient.revokeSession({ token }), 'The session is revoked.')
  const revokeOthers = () => end(() => authClient.revokeOtherSessions(), 'All other devices are signed out.')
  const revokeAll = () => end(() => authClient.revokeSessions(), 'All devices are signed out, this one included.')

  const isThis = (session: Session) => session.token === current.session.token
  const inOrder = sessions.toSorted((a, b) => Number(isThis(b)) - Number(isThis(a)) || +b.createdAt - +a.createdAt)
  return (
    <section className="card wide" aria-labelledby="sessions-title">
      <div className="row">
        <h2 id="sessions-title">Sessions</h2>
        <span className="badge" data-testid="session-count">
          {sessions.length}
        </span>
        <span className="spring" />
        <button type="button" className="button quiet" onClick={() => void load()}>
          Refresh
        </button>
      </div>
      <ul className="rows" aria-labelledby="sessions-title">
        {inOrder.map(session => (
          <SessionRow key={session.id} session={session} isThis={isThis(session)} onRevoke={() => revoke(session)} />
        ))}
      </ul>
      <FailureMessage failure={failure} />
      <div className="row wrap">
        <button type="button" className="button" aria-disabled={isBusy} onClick={revokeOthers}>
          Sign out other devices
        </button>
        <button type="button" className="button danger" aria-disabled={isBusy} onClick={revokeAll}>
          Sign out everywhere
        </button>
      </div>
    </section>
  )
}

function SessionRow({ session, isThis, onRevoke }: { session: Session; isThis: boolean; onRevoke(): void }) {
  const device = deviceName(session.userAgent)
  return (
    <li>
      <div className="row-text">
        <p className="row wrap">
          <strong title={session.userAgent ?? undefined}>{device}</strong>
          {isThis && <span className="badge accent">this device</span>}
        </p>
        <p className="hint">
          since <Moment at={session.createdAt} /> · until <Moment at={session.expiresAt} />
          {session.ipAddress && ` · ${placeName(session.ipAddress)}`}
        </p>
      </div>
      <button type="button" className="button quiet" aria-label={`Revoke the session ${device}`} onClick={onRevoke}>
        Revoke
      </button>
    </li>
  )
}
