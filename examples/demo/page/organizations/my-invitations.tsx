import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import type { Notify } from '../notice.tsx'
import { useChange } from '../use-change.ts'
import { useLoaded } from '../use-loaded.ts'

type MyInvitationsProps = { isVerified: boolean; notify: Notify; reload(): Promise<unknown> }

/** Invitations to the user's address. Only who has proven the address sees them. */
export function MyInvitations({ isVerified, notify, reload }: MyInvitationsProps) {
  const invitations = useLoaded(
    async () => (isVerified ? authClient.organization.listUserInvitations() : { data: [], error: null }),
    isVerified,
  )
  const { change, isBusy, failure } = useChange(notify, () => Promise.all([invitations.reload(), reload()]))
  const pending = invitations.data?.filter(({ status }) => status === 'pending') ?? []
  if (isVerified && pending.length === 0) return null
  return (
    <section className="card wide" aria-labelledby="my-invitations-title">
      <h2 id="my-invitations-title">Invitations for you</h2>
      {!isVerified && <p className="lead">Prove your address first: the mail with the link is in the dev inbox.</p>}
      <ul className="rows" aria-labelledby="my-invitations-title">
        {pending.map(({ id, role, organizationName }) => (
          <li key={id}>
            <p className="row-text">
              <strong>{organizationName}</strong> wants you as {role}
            </p>
            <ActionButton
              isBusy={isBusy}
              onClick={() =>
                change(
                  () => authClient.organization.acceptInvitation({ invitationId: id }),
                  `You are in ${organizationName} now.`,
                )
              }
            >
              Accept
            </ActionButton>
            <ActionButton
              look="quiet"
              isBusy={isBusy}
              onClick={() =>
                change(
                  () => authClient.organization.rejectInvitation({ invitationId: id }),
                  'The invitation is declined.',
                )
              }
            >
              Decline
            </ActionButton>
          </li>
        ))}
      </ul>
      <FailureMessage failure={failure ?? invitations.failure} />
    </section>
  )
}
