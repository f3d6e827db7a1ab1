import { authClient } from './auth-client.ts'
import { Checkbox, Field, PasswordField } from './fields.tsx'
import { Form, type FormValues } from './form.tsx'
import { Link, ViewTitle } from './route.tsx'
import { useAction } from './use-action.ts'

export function SignIn({ notify }: { notify(text: string): void }) {
  const { run, isBusy, failure } = useAction()
  const signIn = async ({ text, isChecked }: FormValues) => {
    const isIn = await run(() =>
      authClient.signIn.email({
        email: text('email'),
        password: text('password'),
        rememberMe: isChecked('rememberMe'),
      }),
    )
    if (isIn) notify('You are signed in.')
  }
  return (
    <section className="card narrow">
      <ViewTitle>Sign in</ViewTitle>
      <p className="lead">
        New here? <Link to="/sign-up">Create an account</Link>
      </p>
      <Form label="Sign in" submit="Sign in" isBusy={isBusy} failure={failure} onSubmit={signIn}>
        <Field label="E-mail" name="email" type="email" autoComplete="username" required />
        <PasswordField label="Password" name="password" autoComplete="current-password" />
        <div className="row">
          <Checkbox label="Remember me" name="rememberMe" defaultChecked />
          <Link to="/forgot-password">Forgot password?</Link>
        </div>
      </Form>
    </section>
  )
}
