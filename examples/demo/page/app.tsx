import { useRef, useState } from 'react'
import { authClient } from './auth-client.ts'
import { DevInbox } from './dev-inbox.tsx'
import { FailureMessage } from './failure-message.tsx'
import { Header } from './header.tsx'
import { Notice, type NoticeText, type Notify } from './notice.tsx'
import { usePath } from './route.tsx'
import { ResetPassword } from './sign-in/reset-password.tsx'
import { Welcome } from './sign-in/welcome.tsx'
import { SignedIn } from './signed-in.tsx'
import { SignedOut } from './signed-out.tsx'
import type { Failure } from './use-action.ts'

export function App({ arrival }: { arrival: Failure | null }) {
  const [notice, setNotice] = useState<NoticeText>(null)
  const [asked, setAsked] = useState(0)
  const notify = (text: string) => setNotice(before => ({ id: (before?.id ?? 0) + 1, text }))
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <Header />
      <div className="layout">
        <main id="main">
          <Notice notice={notice} onClose={() => setNotice(null)} />
          {/* What came with the address matters until something else happened. */}
          <FailureMessage failure={notice ? null : arrival} />
          <View notify={notify} onMail={() => setAsked(count => count + 1)} />
        </main>
        <DevInbox asked={asked} />
      </div>
    </>
  )
}

function View({ notify, onMail }: { notify: Notify; onMail(): void }) {
  const path = usePath()
  const { data: current, isPending, error, refetch } = authClient.useSession()
  // Later looks at the session must not replace a form somebody is filling in.
  const wasLoaded = useRef(false)
  if (!isPending) wasLoaded.current = true

  if (path === '/reset-password') {
    return (
      <Welcome>
        <ResetPassword notify={notify} refetchSession={() => refetch()} />
      </Welcome>
    )
  }
  if (!wasLoaded.current) return <p className="loading">Looking for a session…</p>
  // The key: what belongs to one user must not stay on the page for the next.
  if (current) return <SignedIn key={current.user.id} path={path} current={current} notify={notify} onMail={onMail} />
  if (error && error.status >= 500) return <p className="failure">The server cannot answer right now.</p>
  return <SignedOut path={path} notify={notify} onMail={onMail} />
}
