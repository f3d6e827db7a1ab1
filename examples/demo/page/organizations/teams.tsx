import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { Field } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import { useAction } from '../use-action.ts'
import { useChange } from '../use-change.ts'
import { useLoaded } from '../use-loaded.ts'
import type { FullOrganization, OrganizationPartProps } from './organization-part.ts'

type Team = FullOrganization['teams'][number]

export function Teams(props: OrganizationPartProps) {
  const { organization, mayManage, notify, reload } = props
  const { run, isBusy, failure } = useAction()
  const create = async ({ text, reset }: FormValues) => {
    const name = text('name')
    if (!(await run(() => authClient.organization.createTeam({ name })))) return
    reset()
    notify(`The team ${name} is created.`)
    await reload()
  }
  return (
    <section className="card" aria-labelledby="teams-title">
      <h2 id="teams-title">Teams</h2>
      <ul className="rows" aria-labelledby="teams-title">
        {organization.teams.map(team => (
          <TeamRow key={team.id} team={team} {...props} />
        ))}
      </ul>
      {mayManage && (
        <Form label="New team" submit="Create team" isBusy={isBusy} failure={failure} onSubmit={create}>
          <Field label="Name of the team" name="name" required />
        </Form>
      )}
    </section>
  )
}

type TeamRowProps = OrganizationPartProps & { team: Team }

function TeamRow({ team, organization, userId, mayManage, notify, reload }: TeamRowProps) {
  const { id: teamId, name } = team
  const inside = useLoaded(() => authClient.organization.listTeamMembers({ query: { teamId } }))
  const { change, isBusy, failure } = useChange(notify, () => Promise.all([inside.reload(), reload()]))
  const ids = inside.data?.map(member => member.userId)
  const remove = () => change(() => authClient.organization.removeTeam({ teamId }), `The team ${name} is removed.`)
  const toggle = (userId: string) => {
    const member = organization.members.find(member => member.userId === userId)
    return ids?.includes(userId)
      ? change(() => authClient.organization.removeTeamMember({ teamId, userId }), `${member?.user.name} left ${name}.`)
      : change(
          () => authClient.organization.addTeamMember({ teamId, userId }),
          `${member?.user.name} is in ${name} now.`,
        )
  }
  return (
    <li className="team">
      <div className="row">
        <strong className="row-text">{name}</strong>
        {mayManage && (
          <ActionButton look="quiet" isBusy={isBusy} aria-label={`Remove the team ${name}`} onClick={remove}>
            Remove
          </ActionButton>
        )}
      </div>
      {/* Who is in a team is told to those who are in it. */}
      {!ids && mayManage && (
        <ActionButton look="quiet" isBusy={isBusy} aria-label={`Join ${name}`} onClick={() => toggle(userId)}>
          Join to see who is in it
        </ActionButton>
      )}
      {ids && (
        <div className="row wrap">
          {organization.members.map(({ userId, user }) => (
            <button
              key={userId}
              type="button"
              className="chip"
              aria-pressed={ids.includes(userId)}
              aria-label={`${user.name} in ${name}`}
              disabled={!mayManage}
              onClick={isBusy ? undefined : () => void toggle(userId)}
            >
              {user.name}
            </button>
          ))}
        </div>
      )}
      <FailureMessage failure={failure} />
    </li>
  )
}
