import { useState } from 'react'
import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { CodeField, Field } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { goTo, Link, ViewTitle } from '../route.tsx'
import { useAction } from '../use-action.ts'

type SignInByMailProps = { notify: Notify; onMail(): void }

/** Without a password: a link to follow, or a code to type in. An address that has no account gets one. */
export function SignInByMail({ notify, onMail }: SignInByMailProps) {
  const [email, setEmail] = useState<string | null>(null)
  return (
    <section className="card narrow">
      <ViewTitle>Sign in by mail</ViewTitle>
      {email ? (
        <TypeCode email={email} notify={notify} onBack={() => setEmail(null)} />
      ) : (
        <AskForMail notify={notify} onMail={onMail} onCode={setEmail} />
      )}
      <p className="after">
        <Link to="/">Other ways to sign in</Link>
      </p>
    </section>
  )
}

function AskForMail({ notify, onMail, onCode }: SignInByMailProps & { onCode(email: string): void }) {
  const { run, isBusy, failure } = useAction()
  const send = async ({ text }: FormValues, submitter: string) => {
    const email = text('email')
    const isCode = submitter === 'code'
    const isSent = await run<unknown>(() =>
      isCode
        ? authClient.emailOtp.sendVerificationOtp({ email, type: 'sign-in' })
        : authClient.signIn.magicLink({ email, callbackURL: '/', errorCallbackURL: '/' }),
    )
    if (!isSent) return
    onMail()
    if (isCode) onCode(email)
    else notify('The link is in the dev inbox.')
  }
  return (
    <Form
      label="Sign in by mail"
      submit="Mail me a link"
      alternative={{ name: 'code', label: 'Mail me a code' }}
      isBusy={isBusy}
      failure={failure}
      onSubmit={send}
    >
      <Field
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        hint="If nobody has proven this address before, passwords and logins that its account has are deleted."
        required
      />
    </Form>
  )
}

function TypeCode({ email, notify, onBack }: { email: string; notify: Notify; onBack(): void }) {
  const { run, isBusy, failure } = useAction()
  const signIn = async ({ text }: FormValues) => {
    const answer = await run(() => authClient.signIn.emailOtp({ email, otp: text('code') }))
    if (!answer?.data?.user) return
    notify('You are signed in.')
    goTo('/', 'replace')
  }
  return (
    <>
      <p className="lead">A code for {email} is in the dev inbox.</p>
      <Form label="Sign in with the code" submit="Sign in" isBusy={isBusy} failure={failure} onSubmit={signIn}>
        <CodeField label="Code" name="code" autoFocus />
      </Form>
      <ActionButton look="quiet" onClick={onBack}>
        Another address
      </ActionButton>
    </>
  )
}
