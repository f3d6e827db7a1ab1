import { authClient } from '../auth-client.ts'
import { Field } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { Link, ViewTitle } from '../route.tsx'
import { useAction } from '../use-action.ts'

type ForgotPasswordProps = { notify: Notify; onMail(): void }

export function ForgotPassword({ notify, onMail }: ForgotPasswordProps) {
  const { run, isBusy, failure } = useAction()
  const request = async ({ text, reset }: FormValues) => {
    const isSent = await run(() =>
      authClient.requestPasswordReset({
        email: text('email'),
        redirectTo: `${window.location.origin}/reset-password`,
      }),
    )
    if (!isSent) return
    notify('If this address has an account, a link is in the dev inbox now.')
    reset()
    onMail()
  }
  return (
    <section className="card narrow">
      <ViewTitle>Forgot your password?</ViewTitle>
      <p className="lead">We send a link to choose a new one. It arrives in the dev inbox on this page.</p>
      <Form label="Forgot password" submit="Send the link" isBusy={isBusy} failure={failure} onSubmit={request}>
        <Field label="E-mail" name="email" type="email" autoComplete="username" required />
      </Form>
      <p className="after">
        <Link to="/">Back to sign in</Link>
      </p>
    </section>
  )
}
