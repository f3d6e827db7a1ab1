import { useId } from 'react'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { useAction } from '../use-action.ts'
import { type ProviderInfo, useProviders } from '../use-providers.ts'

/** Sign-in at other sites. Those that lack settings say which. */
export function ProviderButtons() {
  const { run, failure } = useAction()
  const signIn = ({ id }: ProviderInfo) =>
    run(() => authClient.signIn.social({ provider: id, callbackURL: '/', errorCallbackURL: '/' }))
  return (
    <>
      <ul className="providers" aria-label="Other sites">
        {useProviders().map(provider => (
          <li key={provider.id}>
            <ProviderButton provider={provider} onClick={() => void signIn(provider)} />
          </li>
        ))}
      </ul>
      <FailureMessage failure={failure} />
    </>
  )
}

function ProviderButton({ provider: { name, missing }, onClick }: { provider: ProviderInfo; onClick(): void }) {
  const hint = useId()
  if (missing.length === 0) {
    return (
      <button type="button" className="button" onClick={onClick}>
        Continue with {name}
      </button>
    )
  }
  return (
    <>
      <button type="button" className="button quiet" disabled aria-describedby={hint}>
        {name}
      </button>
      <p className="hint" id={hint}>
        Not configured: set{' '}
        {missing.map(variable => (
          <code key={variable}>{variable}</code>
        ))}
      </p>
    </>
  )
}
