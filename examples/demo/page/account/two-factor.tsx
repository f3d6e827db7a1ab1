import { useState } from 'react'
import { authClient, type SessionData } from '../auth-client.ts'
import { PasswordField } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { useAction } from '../use-action.ts'
import { BackupCodes, SetUpAuthenticator } from './authenticator.tsx'

type TwoFactorProps = { user: SessionData['user']; notify: Notify }
type SetUp = { totpURI: string; backupCodes: string[] }

/** Turns the second factor on (a secret for the app, then a first code of it) and off. */
export function TwoFactor({ user, notify }: TwoFactorProps) {
  const [setUp, setSetUp] = useState<SetUp | null>(null)
  const isOn = user.twoFactorEnabled === true
  return (
    <section className={setUp && !isOn ? 'card wide' : 'card'} aria-labelledby="two-factor-title">
      <div className="row">
        <h2 id="two-factor-title">Two-factor</h2>
        <span className={isOn ? 'badge accent' : 'badge'}>{isOn ? 'on' : 'off'}</span>
      </div>
      {setUp && !isOn && <SetUpAuthenticator {...setUp} notify={notify} onDone={() => setSetUp(null)} />}
      {!setUp && !isOn && <TurnOn onSetUp={setSetUp} />}
      {isOn && <Manage notify={notify} />}
    </section>
  )
}

function TurnOn({ onSetUp }: { onSetUp(setUp: SetUp): void }) {
  const { run, isBusy, failure } = useAction()
  const enable = async ({ text }: FormValues) => {
    const answer = await run(() => authClient.twoFactor.enable({ password: text('password') }))
    if (answer?.data) onSetUp(answer.data)
  }
  return (
    <>
      <p className="lead">After the password, ask for a code of an authenticator app.</p>
      <Form label="Turn on two-factor" submit="Set up an app" isBusy={isBusy} failure={failure} onSubmit={enable}>
        <PasswordField label="Your password" name="password" autoComplete="current-password" />
      </Form>
    </>
  )
}

function Manage({ notify }: { notify: Notify }) {
  const [codes, setCodes] = useState<string[] | null>(null)
  const { run, isBusy, failure } = useAction()
  const manage = async ({ text, reset }: FormValues, submitter: string) => {
    const password = text('password')
    if (submitter === 'off') {
      if (await run(() => authClient.twoFactor.disable({ password }))) notify('The second factor is off.')
      return
    }
    const answer = await run(() => authClient.twoFactor.generateBackupCodes({ password }))
    if (!answer?.data) return
    reset()
    setCodes(answer.data.backupCodes)
    notify('There are new backup codes. The old ones are worth nothing now.')
  }
  return (
    <>
      <p className="lead">Signing in with the password asks for a code of your app.</p>
      {codes && <BackupCodes codes={codes} />}
      <Form
        label="Two-factor"
        submit="New backup codes"
        alternative={{ name: 'off', label: 'Turn off', look: 'danger' }}
        isBusy={isBusy}
        failure={failure}
        onSubmit={manage}
      >
        <PasswordField label="Your password" name="password" autoComplete="current-password" />
      </Form>
    </>
  )
}
