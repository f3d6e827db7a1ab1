import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { useChange } from '../use-change.ts'
import type { FullOrganization, OrganizationPartProps } from './organization-part.ts'
import { type RoleName, RoleOptions } from './roles.tsx'

type Member = FullOrganization['members'][number]

export function Members({ organization, userId, mayManage, notify, reload }: OrganizationPartProps) {
  const { change, isBusy, failure } = useChange(notify, reload)
  const setRole = ({ id: memberId, user }: Member, role: RoleName) =>
    change(() => authClient.organization.updateMemberRole({ memberId, role }), `${user.name} is ${role} now.`)
  const remove = ({ id, user }: Member) =>
    change(() => authClient.organization.removeMember({ memberIdOrEmail: id }), `${user.name} is removed.`)
  return (
    <section className="card wide" aria-labelledby="members-title">
      <h2 id="members-title">Members of {organization.name}</h2>
      <ul className="rows" aria-label="Members">
        {organization.members.map(member => (
          <li key={member.id}>
            <div className="row-text">
              <strong>{member.user.name}</strong> {member.userId === userId && <span className="badge">you</span>}
              <p className="hint">{member.user.email}</p>
            </div>
            {mayManage && member.userId !== userId ? (
              <>
                <select
                  className="input fit"
                  aria-label={`Role of ${member.user.name}`}
                  value={member.role}
                  onChange={event => void setRole(member, event.target.value as RoleName)}
                >
                  <RoleOptions />
                </select>
                <ActionButton
                  look="quiet"
                  isBusy={isBusy}
                  aria-label={`Remove ${member.user.name}`}
                  onClick={() => remove(member)}
                >
                  Remove
                </ActionButton>
              </>
            ) : (
              <span className="badge">{member.role}</span>
            )}
          </li>
        ))}
      </ul>
      <FailureMessage failure={failure} />
    </section>
  )
}
