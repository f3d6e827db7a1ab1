import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { Moment } from '../moment.tsx'
import type { Notify } from '../notice.tsx'
import { useAction } from '../use-action.ts'
import { useChange } from '../use-change.ts'
import { useProviders } from '../use-providers.ts'

type ConnectedAccountsProps = {
  accounts: { id: string; providerId: string; accountId: string; createdAt: Date }[]
  reload(): Promise<unknown>
  notify: Notify
}

/** The password and the logins at other sites with which somebody signs in; one has to stay. */
export function ConnectedAccounts({ accounts, reload, notify }: ConnectedAccountsProps) {
  const providers = useProviders()
  const { run, failure: linkFailure } = useAction()
  const { change, isBusy, failure } = useChange(notify, reload)
  const nameOf = (id: string) =>
    id === 'credential' ? 'Password' : (providers.find(provider => provider.id === id)?.name ?? id)
  const free = providers.filter(
    ({ id, missing }) => missing.length === 0 && accounts.every(({ providerId }) => providerId !== id),
  )
  return (
    <section className="card wide" aria-labelledby="accounts-title">
      <h2 id="accounts-title">Connected accounts</h2>
      <ul className="rows" aria-labelledby="accounts-title">
        {accounts.map(({ id, providerId, accountId, createdAt }) => (
          <li key={id}>
            <div className="row-text">
              <strong>{nameOf(providerId)}</strong>
              <p className="hint">
                since <Moment at={createdAt} />
              </p>
            </div>
            <ActionButton
              look="quiet"
              isBusy={isBusy}
              aria-label={`Disconnect ${nameOf(providerId)}`}
              onClick={() => change(() => authClient.unlinkAccount({ providerId, accountId }), 'It is disconnected.')}
            >
              Disconnect
            </ActionButton>
          </li>
        ))}
      </ul>
      <FailureMessage failure={failure ?? linkFailure} />
      <div className="row wrap">
        {free.map(({ id, name }) => (
          <ActionButton
            key={id}
            onClick={() => run(() => authClient.linkSocial({ provider: id, callbackURL: '/', errorCallbackURL: '/' }))}
          >
            Connect {name}
          </ActionButton>
        ))}
      </div>
    </section>
  )
}
