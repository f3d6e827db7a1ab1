import { useEffect } from 'react'
import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import type { Notify } from '../notice.tsx'
import { useAction } from '../use-action.ts'

/** Signs in with a passkey: with the button, or picked among the browser's suggestions for the e-mail field. */
export function PasskeyButton({ notify }: { notify: Notify }) {
  const { run, isBusy, failure } = useAction()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the form appears
  useEffect(() => {
    // It waits until the user picks one, and ends unseen when the button takes its place.
    const offer = async () => {
      if (!(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) return
      const { data } = await authClient.signIn.passkey({ autoFill: true })
      if (data?.session) notify('You are signed in.')
    }
    offer().catch(() => {})
  }, [])
  const signIn = async () => {
    const answer = await run(() => authClient.signIn.passkey())
    // A passkey that has not verified its owner may be asked for a second factor: then there is no session yet.
    if (answer?.data?.session) notify('You are signed in.')
  }
  return (
    <>
      <ActionButton isBusy={isBusy} onClick={signIn}>
        Sign in with a passkey
      </ActionButton>
      <FailureMessage failure={failure} />
    </>
  )
}
