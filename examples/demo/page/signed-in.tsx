import { Account } from './account/account.tsx'
import { ActionButton } from './action-button.tsx'
import { Admin } from './admin/admin.tsx'
import { Impersonation } from './admin/impersonation.tsx'
import { authClient, type SessionData } from './auth-client.ts'
import { FailureMessage } from './failure-message.tsx'
import type { Notify } from './notice.tsx'
import { Organizations } from './organizations/organizations.tsx'
import { goTo, Link, ViewTitle } from './route.tsx'
import { useAction } from './use-action.ts'

type SignedInProps = { path: string; current: SessionData; notify: Notify; onMail(): void }

const account = { path: '/', title: 'Your account', tab: 'Account', forAdmins: false }
const views = [
  account,
  { path: '/organizations', title: 'Your organizations', tab: 'Organizations', forAdmins: false },
  { path: '/admin', title: 'Administration', tab: 'Admin', forAdmins: true },
]

/** Who is signed in, and the views that need it. Paths of the ways in show the account. */
export function SignedIn({ path, current, notify, onMail }: SignedInProps) {
  const { run, isBusy, failure } = useAction()
  const signOut = async () => {
    if (!(await run(() => authClient.signOut()))) return
    notify('You are signed out.')
    goTo('/')
  }
  const { user, session } = current
  const open = views.filter(view => !view.forAdmins || user.role?.split(',').includes('admin'))
  const view = open.find(view => view.path === path) ?? account
  return (
    <>
      {session.impersonatedBy && <Impersonation name={user.name} notify={notify} />}
      <div className="account-head">
        <span className="avatar" aria-hidden="true">
          {[...user.name.trim()][0]?.toUpperCase() ?? '?'}
        </span>
        <div className="account-who">
          <ViewTitle>{view.title}</ViewTitle>
          <p>
            Signed in as <strong>{user.name}</strong> · {user.email}
          </p>
        </div>
        <ActionButton isBusy={isBusy} onClick={signOut}>
          Sign out
        </ActionButton>
      </div>
      <nav className="tabs" aria-label="Views">
        {open.map(({ path, tab }) => (
          <Link key={path} to={path} isCurrent={path === view.path}>
            {tab}
          </Link>
        ))}
      </nav>
      <FailureMessage failure={failure} />
      {view === account && <Account current={current} notify={notify} onMail={onMail} />}
      {view.path === '/organizations' && <Organizations current={current} notify={notify} onMail={onMail} />}
      {view.path === '/admin' && <Admin userId={user.id} notify={notify} />}
    </>
  )
}
