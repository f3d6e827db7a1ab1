import { authClient, type SessionData } from './auth-client.ts'
import { ChangePassword } from './change-password.tsx'
import { FailureMessage } from './failure-message.tsx'
import { Profile } from './profile.tsx'
import { ProtectedRoute } from './protected-route.tsx'
import { ViewTitle } from './route.tsx'
import { Sessions } from './sessions.tsx'
import { useAction } from './use-action.ts'

type AccountProps = { current: SessionData; notify(text: string): void }

export function Account({ current, notify }: AccountProps) {
  const { run, isBusy, failure } = useAction()
  const signOut = async () => {
    if (await run(() => authClient.signOut())) notify('You are signed out.')
  }
  return (
    <>
      <div className="account-head">
        <span className="avatar" aria-hidden="true">
          {[...current.user.name.trim()][0]?.toUpperCase() ?? '?'}
        </span>
        <div className="account-who">
          <ViewTitle>Your account</ViewTitle>
          <p>
            Signed in as <strong>{current.user.name}</strong> · {current.user.email}
          </p>
        </div>
        <button type="button" className="button" aria-disabled={isBusy} onClick={signOut}>
          Sign out
        </button>
      </div>
      <FailureMessage failure={failure} />
      <div className="cards">
        <Profile current={current} notify={notify} />
        <ChangePassword email={current.user.email} notify={notify} />
        <Sessions current={current} notify={notify} />
        <ProtectedRoute current={current} />
      </div>
    </>
  )
}
