import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { useChange } from '../use-change.ts'
import { Invitations } from './invitations.tsx'
import { Members } from './members.tsx'
import type { OrganizationPartProps } from './organization-part.ts'
import { Teams } from './teams.tsx'

type ActiveOrganizationProps = Omit<OrganizationPartProps, 'mayManage'> & { onMail(): void }

export function ActiveOrganization({ organization, userId, notify, reload, onMail }: ActiveOrganizationProps) {
  const { change, isBusy, failure } = useChange(notify, reload)
  const { id: organizationId, name } = organization
  const role = organization.members.find(member => member.userId === userId)?.role ?? 'member'
  // The official client knows the default roles; the server decides in any case.
  const may = (permissions: { invitation?: ['create']; organization?: ['delete'] }) =>
    authClient.organization.checkRolePermission({ role, permissions })
  const part = { organization, userId, mayManage: may({ invitation: ['create'] }), notify, reload }
  return (
    <>
      <Members {...part} />
      <Invitations {...part} onMail={onMail} />
      <Teams {...part} />
      <section className="card wide" aria-label={`Leave ${name}`}>
        <div className="row wrap">
          <p className="row-text">
            You are in <strong>{name}</strong> as {role}.
          </p>
          <ActionButton
            isBusy={isBusy}
            onClick={() => change(() => authClient.organization.leave({ organizationId }), `You left ${name}.`)}
          >
            Leave
          </ActionButton>
          {may({ organization: ['delete'] }) && (
            <ActionButton
              look="danger"
              isBusy={isBusy}
              onClick={() => change(() => authClient.organization.delete({ organizationId }), `${name} is deleted.`)}
            >
              Delete the organization
            </ActionButton>
          )}
        </div>
        <FailureMessage failure={failure} />
      </section>
    </>
  )
}
