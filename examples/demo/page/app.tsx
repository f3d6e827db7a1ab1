import { useRef, useState } from 'react'
import { Account } from './account.tsx'
import { authClient } from './auth-client.ts'
import { DevInbox } from './dev-inbox.tsx'
import { ForgotPassword } from './forgot-password.tsx'
import { Header } from './header.tsx'
import { Notice, type NoticeText } from './notice.tsx'
import { ResetPassword } from './reset-password.tsx'
import { usePath } from './route.tsx'
import { SignIn } from './sign-in.tsx'
import { SignUp } from './sign-up.tsx'
import { Welcome } from './welcome.tsx'

export function App() {
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
          <View notify={notify} onMail={() => setAsked(asked + 1)} />
        </main>
        <DevInbox asked={asked} />
      </div>
    </>
  )
}

function View({ notify, onMail }: { notify(text: string): void; onMail(): void }) {
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
  if (current) return <Account current={current} notify={notify} />
  if (error && error.status >= 500) return <p className="failure">The server cannot answer right now.</p>
  return (
    <Welcome>
      {path === '/sign-up' && <SignUp notify={notify} />}
      {path === '/forgot-password' && <ForgotPassword notify={notify} onMail={onMail} />}
      {path === '/' && <SignIn notify={notify} />}
    </Welcome>
  )
}
