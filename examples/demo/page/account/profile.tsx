import { ActionButton } from '../action-button.tsx'
import { authClient, type SessionData } from '../auth-client.ts'
import { Field } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import { Moment } from '../moment.tsx'
import type { Notify } from '../notice.tsx'
import { useAction } from '../use-action.ts'

type ProfileProps = { current: SessionData; notify: Notify; onMail(): void }

export function Profile({ current: { user }, notify, onMail }: ProfileProps) {
  const { run, isBusy, failure } = useAction()
  const save = async ({ text }: FormValues) => {
    if (await run(() => authClient.updateUser({ name: text('name') }))) notify('Your name is saved.')
  }
  const mailProof = async () => {
    if (!(await run(() => authClient.sendVerificationEmail({ email: user.email, callbackURL: '/' })))) return
    notify('The link is in the dev inbox.')
    onMail()
  }
  return (
    <section className="card" aria-labelledby="profile-title">
      <h2 id="profile-title">Profile</h2>
      <dl className="facts">
        <dt>E-mail</dt>
        <dd className="row wrap">
          <span className="badge">{user.emailVerified ? 'verified' : 'not verified'}</span>
          {!user.emailVerified && (
            <ActionButton look="quiet" isBusy={isBusy} onClick={mailProof}>
              Mail the link again
            </ActionButton>
          )}
        </dd>
        <dt>User id</dt>
        <dd>
          <code>{user.id}</code>
        </dd>
        <dt>Member since</dt>
        <dd>
          <Moment at={user.createdAt} />
        </dd>
      </dl>
      <Form label="Profile" submit="Save name" isBusy={isBusy} failure={failure} onSubmit={save}>
        <Field key={user.name} label="Name" name="name" autoComplete="name" defaultValue={user.name} />
      </Form>
    </section>
  )
}
