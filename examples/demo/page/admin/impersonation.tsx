import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import type { Notify } from '../notice.tsx'
import { goTo } from '../route.tsx'
import { useAction } from '../use-action.ts'

/** Says that an administrator acts in somebody's name, and ends it. */
export function Impersonation({ name, notify }: { name: string; notify: Notify }) {
  const { run, isBusy, failure } = useAction()
  const stop = async () => {
    if (!(await run(() => authClient.admin.stopImpersonating()))) return
    notify('You are yourself again.')
    goTo('/admin')
  }
  return (
    <section className="impersonation" aria-label="Impersonation">
      <p>
        You act as <strong>{name}</strong>.
      </p>
      <ActionButton look="quiet" isBusy={isBusy} onClick={stop}>
        Stop impersonating
      </ActionButton>
      <FailureMessage failure={failure} />
    </section>
  )
}
