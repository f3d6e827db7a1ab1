import { authClient, type SessionData } from '../auth-client.ts'
import type { Notify } from '../notice.tsx'
import { useLoaded } from '../use-loaded.ts'
import { ChangePassword } from './change-password.tsx'
import { ConnectedAccounts } from './connected-accounts.tsx'
import { NoPassword } from './no-password.tsx'
import { Passkeys } from './passkeys.tsx'
import { Profile } from './profile.tsx'
import { ProtectedRoute } from './protected-route.tsx'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './two-factor.tsx'

type AccountProps = { current: SessionData; notify: Notify; onMail(): void }

export function Account({ current, notify, onMail }: AccountProps) {
  const accounts = useLoaded(() => authClient.listAccounts())
  const hasPassword = accounts.data?.some(({ providerId }) => providerId === 'credential') ?? true
  const { user } = current
  return (
    <div className="cards">
      <Profile current={current} notify={notify} onMail={onMail} />
      {hasPassword ? (
        <ChangePassword email={user.email} notify={notify} />
      ) : (
        <NoPassword email={user.email} notify={notify} onMail={onMail} />
      )}
      {hasPassword && <TwoFactor user={user} notify={notify} />}
      <Passkeys current={current} notify={notify} />
      <ConnectedAccounts accounts={accounts.data ?? []} reload={accounts.reload} notify={notify} />
      <Sessions current={current} notify={notify} />
      <ProtectedRoute current={current} />
    </div>
  )
}
