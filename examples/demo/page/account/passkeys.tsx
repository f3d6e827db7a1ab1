import { useState } from 'react'
import { ActionButton } from '../action-button.tsx'
import { authClient, type SessionData } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { Field } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import { Moment } from '../moment.tsx'
import type { Notify } from '../notice.tsx'
import { signalDeleted, signalRenamed } from '../passkey-signals.ts'
import { useAction } from '../use-action.ts'
import { useChange } from '../use-change.ts'
import { useLoaded } from '../use-loaded.ts'

type PasskeyData = { id: string; credentialID: string; name?: string; createdAt: Date | string }

export function Passkeys({ current: { user }, notify }: { current: SessionData; notify: Notify }) {
  const passkeys = useLoaded(() => authClient.passkey.listUserPasskeys())
  const { change, isBusy, failure } = useChange(notify, passkeys.reload)
  const { run, isBusy: isAdding, failure: addFailure } = useAction()
  const add = async ({ text, reset }: FormValues) => {
    if (!(await run(() => authClient.passkey.addPasskey({ name: text('name') })))) return
    reset()
    notify('The passkey is added.')
    await passkeys.reload()
  }
  const rename = async ({ id, credentialID }: PasskeyData, name: string) => {
    const isDone = await change(() => authClient.passkey.updatePasskey({ id, name }), 'It is renamed.')
    if (isDone) await signalRenamed(credentialID, { name, displayName: user.email })
    return isDone
  }
  const remove = async ({ id, credentialID }: PasskeyData) => {
    const isDone = await change(() => authClient.passkey.deletePasskey({ id }), 'It is deleted.')
    if (isDone) await signalDeleted(credentialID)
  }
  return (
    <section className="card" aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">Passkeys</h2>
      <p className="lead">Sign in with a fingerprint, a face or a security key instead of a password.</p>
      <ul className="rows" aria-labelledby="passkeys-title">
        {passkeys.data?.map(passkey => (
          <PasskeyRow
            key={passkey.id}
            passkey={passkey}
            isBusy={isBusy}
            onRename={name => rename(passkey, name)}
            onDelete={() => void remove(passkey)}
          />
        ))}
      </ul>
      <FailureMessage failure={failure ?? passkeys.failure} />
      <Form label="Add a passkey" submit="Add a passkey" isBusy={isAdding} failure={addFailure} onSubmit={add}>
        <Field label="Name of the passkey" name="name" placeholder="This laptop" required />
      </Form>
    </section>
  )
}

type PasskeyRowProps = {
  passkey: PasskeyData
  isBusy: boolean
  onRename(name: string): Promise<boolean>
  onDelete(): void
}

function PasskeyRow({ passkey: { name = 'Passkey', createdAt }, isBusy, onRename, onDelete }: PasskeyRowProps) {
  const [isRenaming, setRenaming] = useState(false)
  const rename = async ({ text }: FormValues) => {
    if (await onRename(text('name'))) setRenaming(false)
  }
  if (isRenaming) {
    return (
      <li>
        <Form label={`Rename ${name}`} submit="Save" isBusy={isBusy} failure={null} onSubmit={rename}>
          <Field label="New name" name="name" defaultValue={name} autoFocus required />
        </Form>
      </li>
    )
  }
  return (
    <li>
      <div className="row-text">
        <strong>{name}</strong>
        <p className="hint">
          since <Moment at={createdAt} />
        </p>
      </div>
      <ActionButton look="quiet" aria-label={`Rename ${name}`} onClick={() => setRenaming(true)}>
        Rename
      </ActionButton>
      <ActionButton look="quiet" aria-label={`Delete ${name}`} isBusy={isBusy} onClick={onDelete}>
        Delete
      </ActionButton>
    </li>
  )
}
