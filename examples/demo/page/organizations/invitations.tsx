import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { Field, Select } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import { Moment } from '../moment.tsx'
import { useAction } from '../use-action.ts'
import { useChange } from '../use-change.ts'
import type { OrganizationPartProps } from './organization-part.ts'
import { type RoleName, RoleOptions } from './roles.tsx'

type InvitationsProps = OrganizationPartProps & { onMail(): void }

export function Invitations({ organization, mayManage, notify, reload, onMail }: InvitationsProps) {
  const { run, isBusy: isInviting, failure: inviteFailure } = useAction()
  const { change, isBusy, failure } = useChange(notify, reload)
  const invite = async ({ text, reset }: FormValues) => {
    const email = text('email')
    const role = text('role') as RoleName
    if (!(await run(() => authClient.organization.inviteMember({ email, role })))) return
    reset()
    notify(`${email} is invited. The mail is in the dev inbox.`)
    onMail()
    await reload()
  }
  const pending = organization.invitations.filter(({ status }) => status === 'pending')
  if (!mayManage) return null
  return (
    <section className="card" aria-labelledby="invitations-title">
      <h2 id="invitations-title">Invitations</h2>
      <ul className="rows" aria-labelledby="invitations-title">
        {pending.map(({ id, email, role, expiresAt }) => (
          <li key={id}>
            <div className="row-text">
              <strong>{email}</strong>
              <p className="hint">
                {role} · until <Moment at={expiresAt} />
              </p>
            </div>
            <ActionButton
              look="quiet"
              isBusy={isBusy}
              aria-label={`Cancel the invitation of ${email}`}
              onClick={() =>
                change(
                  () => authClient.organization.cancelInvitation({ invitationId: id }),
                  'The invitation is cancelled.',
                )
              }
            >
              Cancel
            </ActionButton>
          </li>
        ))}
      </ul>
      <FailureMessage failure={failure} />
      <Form label="Invite" submit="Invite" isBusy={isInviting} failure={inviteFailure} onSubmit={invite}>
        <Field label="E-mail of whom you invite" name="email" type="email" required />
        <Select label="Role" name="role">
          <RoleOptions />
        </Select>
      </Form>
    </section>
  )
}
