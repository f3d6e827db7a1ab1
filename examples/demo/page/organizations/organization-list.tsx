import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import type { Notify } from '../notice.tsx'
import { useChange } from '../use-change.ts'

type OrganizationListProps = {
  organizations: { id: string; name: string; slug: string }[]
  activeId: string | undefined
  notify: Notify
  reload(): Promise<unknown>
}

export function OrganizationList({ organizations, activeId, notify, reload }: OrganizationListProps) {
  const { change, isBusy, failure } = useChange(notify, reload)
  return (
    <section className="card" aria-labelledby="organizations-title">
      <h2 id="organizations-title">Organizations</h2>
      {organizations.length === 0 && <p className="empty">You are in none yet.</p>}
      <ul className="rows" aria-labelledby="organizations-title">
        {organizations.map(({ id, name, slug }) => (
          <li key={id}>
            <div className="row-text">
              <strong>{name}</strong>
              <p className="hint">{slug}</p>
            </div>
            {id === activeId ? (
              <span className="badge accent">active</span>
            ) : (
              <ActionButton
                look="quiet"
                isBusy={isBusy}
                aria-label={`Switch to ${name}`}
                onClick={() =>
                  change(() => authClient.organization.setActive({ organizationId: id }), `You are in ${name} now.`)
                }
              >
                Switch
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      <FailureMessage failure={failure} />
    </section>
  )
}
