import { useState } from 'react'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { PasswordField } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { goTo, Link, ViewTitle } from '../route.tsx'
import { useAction } from '../use-action.ts'

type ResetPasswordProps = { notify: Notify; refetchSession(): Promise<void> }

/** Where the link of the mail ends: with a token, or with the error of a link that was used or is too old. */
export function ResetPassword({ notify, refetchSession }: ResetPasswordProps) {
  const [query] = useState(() => new URLSearchParams(window.location.search))
  const { run, isBusy, failure } = useAction()
  const token = query.get('token')
  const reset = async ({ text }: FormValues) => {
    const isReset = await run(() => authClient.resetPassword({ newPassword: text('password'), token: token ?? '' }))
    if (!isReset) return
    // All sessions of the user have ended, maybe the one of this page too.
    await refetchSession()
    notify('Your password is changed. Sign in with the new one.')
    // The address still holds the used token: it must not stay in the history.
    goTo('/', 'replace')
  }
  if (!token) {
    const code = query.get('error') ?? 'INVALID_TOKEN'
    return (
      <section className="card narrow">
        <ViewTitle>This link does not work</ViewTitle>
        <FailureMessage failure={{ message: 'It was used before or is too old.', code }} />
        <p className="after">
          <Link to="/forgot-password">Ask for a new link</Link>
        </p>
      </section>
    )
  }
  return (
    <section className="card narrow">
      <ViewTitle>Choose a new password</ViewTitle>
      <p className="lead">Every device that is signed in to your account will be signed out.</p>
      <Form label="Choose a new password" submit="Save password" isBusy={isBusy} failure={failure} onSubmit={reset}>
        <PasswordField label="New password" name="password" autoComplete="new-password" hint="At least 8 characters" />
      </Form>
    </section>
  )
}
