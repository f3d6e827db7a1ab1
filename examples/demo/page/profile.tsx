import { authClient, type SessionData } from './auth-client.ts'
import { Field } from './fields.tsx'
import { Form, type FormValues } from './form.tsx'
import { Moment } from './moment.tsx'
import { useAction } from './use-action.ts'

type ProfileProps = { current: SessionData; notify(text: string): void }

export function Profile({ current: { user }, notify }: ProfileProps) {
  const { run, isBusy, failure } = useAction()
  const save = async ({ text }: FormValues) => {
    if (await run(() => authClient.updateUser({ name: text('name') }))) notify('Your name is saved.')
  }
  return (
    <section className="card" aria-labelledby="profile-title">
      <h2 id="profile-title">Profile</h2>
      <dl className="facts">
        <dt>E-mail</dt>
        <dd>
          <span className="badge">{user.emailVerified ? 'verified' : 'not verified'}</span>
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
