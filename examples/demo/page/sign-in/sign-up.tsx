import { authClient } from '../auth-client.ts'
import { Field, PasswordField } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { goTo, Link, ViewTitle } from '../route.tsx'
import { useAction } from '../use-action.ts'

export function SignUp({ notify, onMail }: { notify: Notify; onMail(): void }) {
  const { run, isBusy, failure } = useAction()
  const signUp = async ({ text }: FormValues) => {
    const isCreated = await run(() =>
      authClient.signUp.email({
        name: text('name'),
        email: text('email'),
        password: text('password'),
        callbackURL: '/',
      }),
    )
    if (!isCreated) return
    notify('Your account is ready and you are signed in. A mail to prove the address is in the dev inbox.')
    onMail()
    goTo('/')
  }
  return (
    <section className="card narrow">
      <ViewTitle>Create an account</ViewTitle>
      <p className="lead">
        Have one already? <Link to="/">Sign in</Link>
      </p>
      <Form label="Create an account" submit="Create account" isBusy={isBusy} failure={failure} onSubmit={signUp}>
        <Field label="Name" name="name" autoComplete="name" required />
        <Field label="E-mail" name="email" type="email" autoComplete="username" required />
        <PasswordField label="Password" name="password" autoComplete="new-password" hint="At least 8 characters" />
      </Form>
    </section>
  )
}
