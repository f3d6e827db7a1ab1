import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import type { Notify } from '../notice.tsx'
import { useAction } from '../use-action.ts'

type NoPasswordProps = { email: string; notify: Notify; onMail(): void }

/** For who signs in otherwise. A password is set by mail, like a forgotten one. */
export function NoPassword({ email, notify, onMail }: NoPasswordProps) {
  const { run, isBusy, failure } = useAction()
  const mailLink = async () => {
    const redirectTo = `${window.location.origin}/reset-password`
    if (!(await run(() => authClient.requestPasswordReset({ email, redirectTo })))) return
    notify('The link is in the dev inbox.')
    onMail()
  }
  return (
    <section className="card" aria-labelledby="password-title">
      <h2 id="password-title">Password</h2>
      <p className="lead">You have none. With a password you can also turn on a second factor.</p>
      <FailureMessage failure={failure} />
      <div className="row">
        <ActionButton isBusy={isBusy} onClick={mailLink}>
          Mail me a link to set one
        </ActionButton>
      </div>
    </section>
  )
}
