import { authClient, type SessionData } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { Field } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { useAction } from '../use-action.ts'
import { useLoaded } from '../use-loaded.ts'
import { ActiveOrganization } from './active-organization.tsx'
import { MyInvitations } from './my-invitations.tsx'
import { OrganizationList } from './organization-list.tsx'

type OrganizationsProps = { current: SessionData; notify: Notify; onMail(): void }

/** The organizations of the user, and the one that the session is in. */
export function Organizations({ current, notify, onMail }: OrganizationsProps) {
  const mine = useLoaded(() => authClient.organization.list())
  const active = useLoaded(() => authClient.organization.getFullOrganization())
  const reload = () => Promise.all([mine.reload(), active.reload()])
  return (
    <>
      <FailureMessage failure={mine.failure ?? active.failure} />
      <div className="cards">
        <OrganizationList organizations={mine.data ?? []} activeId={active.data?.id} notify={notify} reload={reload} />
        <CreateOrganization notify={notify} reload={reload} />
        <MyInvitations isVerified={current.user.emailVerified} notify={notify} reload={reload} />
        {active.data && (
          <ActiveOrganization
            key={active.data.id}
            organization={active.data}
            userId={current.user.id}
            notify={notify}
            reload={reload}
            onMail={onMail}
          />
        )}
      </div>
    </>
  )
}

function CreateOrganization({ notify, reload }: { notify: Notify; reload(): Promise<unknown> }) {
  const { run, isBusy, failure } = useAction()
  const create = async ({ text, reset }: FormValues) => {
    const name = text('name')
    if (!(await run(() => authClient.organization.create({ name, slug: slugOf(name) })))) return
    reset()
    notify(`${name} is created, and you are its owner.`)
    await reload()
  }
  return (
    <section className="card" aria-labelledby="create-title">
      <h2 id="create-title">New organization</h2>
      <Form label="New organization" submit="Create" isBusy={isBusy} failure={failure} onSubmit={create}>
        <Field label="Name of the organization" name="name" autoComplete="organization" required />
      </Form>
    </section>
  )
}

/** "Analytical Engines" is analytical-engines. */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
  return slug.replace(/^-+|-+$/g, '') || 'organization'
}
