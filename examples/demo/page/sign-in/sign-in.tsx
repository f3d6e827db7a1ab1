import { authClient } from '../auth-client.ts'
import { Checkbox, Field, PasswordField } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { Link, ViewTitle } from '../route.tsx'
import { useAction } from '../use-action.ts'
import { PasskeyButton } from './passkey-button.tsx'
import { ProviderButtons } from './provider-buttons.tsx'

export function SignIn({ notify }: { notify: Notify }) {
  const { run, isBusy, failure } = useAction()
  const signIn = async ({ text, isChecked }: FormValues) => {
    const answer = await run(() =>
      authClient.signIn.email({
        email: text('email'),
        password: text('password'),
        rememberMe: isChecked('rememberMe'),
      }),
    )
    // With a second factor there is no user yet: the client's plugin shows the view for it.
    if (answer?.data?.user) notify('You are signed in.')
  }
  return (
    <section className="card narrow">
      <ViewTitle>Sign in</ViewTitle>
      <p className="lead">
        New here? <Link to="/sign-up">Create an account</Link>
      </p>
      <Form label="Sign in" submit="Sign in" isBusy={isBusy} failure={failure} onSubmit={signIn}>
        {/* `webauthn`: the browser offers passkeys together with saved addresses. */}
        <Field label="E-mail" name="email" type="email" autoComplete="username webauthn" required />
        <PasswordField label="Password" name="password" autoComplete="current-password" />
        <div className="row">
          <Checkbox label="Remember me" name="rememberMe" defaultChecked />
          <Link to="/forgot-password">Forgot password?</Link>
        </div>
      </Form>
      <p className="or">or</p>
      <PasskeyButton notify={notify} />
      <Link to="/sign-in-by-mail" look="button">
        Sign in by mail
      </Link>
      <ProviderButtons />
    </section>
  )
}
