import { useState } from 'react'
import type { SessionData } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import type { Failure } from '../use-action.ts'

/** What the browser knows about the session, and what a route behind `requireSession` answers to it. */
export function ProtectedRoute({ current }: { current: SessionData }) {
  const [answer, setAnswer] = useState('')
  const [failure, setFailure] = useState<Failure | null>(null)
  const call = async () => {
    setAnswer('')
    setFailure(null)
    const response = await fetch('/me').catch(() => null)
    if (!response) return setFailure({ message: 'The server could not be reached.' })
    const body = await response.json()
    if (response.ok) setAnswer(JSON.stringify(body, null, 2))
    else setFailure({ message: 'You are not signed in.', status: response.status, ...body })
  }
  return (
    <section className="card wide" aria-labelledby="route-title">
      <div className="row">
        <h2 id="route-title">In your application</h2>
        <span className="spring" />
        <button type="button" className="button" onClick={call}>
          Call GET /me
        </button>
      </div>
      <p className="lead">
        <code>/me</code> is a route of this demo behind <code>requireSession</code>.
      </p>
      <div aria-live="polite">{answer && <pre className="code">{answer}</pre>}</div>
      <FailureMessage failure={failure} />
      <details>
        <summary>
          What <code>useSession()</code> holds
        </summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with the keyboard */}
        <pre className="code" tabIndex={0}>
          {JSON.stringify(current, null, 2)}
        </pre>
      </details>
    </section>
  )
}
