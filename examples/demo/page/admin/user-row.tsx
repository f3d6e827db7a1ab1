import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { Moment } from '../moment.tsx'
import type { Notify } from '../notice.tsx'
import { goTo } from '../route.tsx'
import { useAction } from '../use-action.ts'
import { useChange } from '../use-change.ts'

type UserRowProps = {
  user: { id: string; name: string; email: string; role?: string | null; banned?: boolean | null; createdAt: Date }
  isSelf: boolean
  notify: Notify
  reload(): Promise<unknown>
}

export function UserRow({ user, isSelf, notify, reload }: UserRowProps) {
  const { change, isBusy, failure } = useChange(notify, reload)
  const { run, isBusy: isStarting, failure: impersonationFailure } = useAction()
  const { id: userId, name } = user
  const ban = () => change(() => authClient.admin.banUser({ userId }), `${name} is banned and signed out.`)
  const unban = () => change(() => authClient.admin.unbanUser({ userId }), `${name} may sign in again.`)
  const impersonate = async () => {
    if (!(await run(() => authClient.admin.impersonateUser({ userId })))) return
    notify(`You act as ${name} now.`)
    goTo('/')
  }
  return (
    <li>
      <div className="row-text">
        <p className="row wrap">
          <strong>{name}</strong>
          <span className="badge">{user.role ?? 'user'}</span>
          {user.banned && <span className="badge danger">banned</span>}
          {isSelf && <span className="badge accent">you</span>}
        </p>
        <p className="hint">
          {user.email} · since <Moment at={user.createdAt} />
        </p>
        <FailureMessage failure={failure ?? impersonationFailure} />
      </div>
      {!isSelf && (
        <>
          <ActionButton look="quiet" isBusy={isStarting} aria-label={`Impersonate ${user.email}`} onClick={impersonate}>
            Impersonate
          </ActionButton>
          <ActionButton
            look={user.banned ? 'quiet' : 'quiet danger'}
            isBusy={isBusy}
            aria-label={`${user.banned ? 'Unban' : 'Ban'} ${user.email}`}
            onClick={user.banned ? unban : ban}
          >
            {user.banned ? 'Unban' : 'Ban'}
          </ActionButton>
        </>
      )}
    </li>
  )
}
