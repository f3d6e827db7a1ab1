import { useState } from 'react'
import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { Checkbox, CodeField, Field } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { goTo, Link, ViewTitle } from '../route.tsx'
import { useAction } from '../use-action.ts'

type Way = 'app' | 'mail' | 'backup code'

const leads: Record<Way, string> = {
  app: 'Type in the code that your authenticator app shows.',
  mail: 'A code is in the dev inbox.',
  'backup code': 'Each of your backup codes works once.',
}

/** Asked for after the password. Until then there is no session, only a cookie that stands for this challenge. */
export function SecondFactor({ notify, onMail }: { notify: Notify; onMail(): void }) {
  const [way, setWay] = useState<Way>('app')
  const { run, isBusy, failure, fail } = useAction()
  const verify = async ({ text, isChecked }: FormValues) => {
    const proof = { code: text('code'), trustDevice: isChecked('trustDevice') }
    const isIn = await run(() => {
      if (way === 'app') return authClient.twoFactor.verifyTotp(proof)
      if (way === 'mail') return authClient.twoFactor.verifyOtp(proof)
      return authClient.twoFactor.verifyBackupCode(proof)
    })
    if (!isIn) return
    notify('You are signed in.')
    goTo('/', 'replace')
  }
  const choose = (next: Way) => {
    fail(null)
    setWay(next)
  }
  const mailCode = async () => {
    if (!(await run(() => authClient.twoFactor.sendOtp()))) return
    onMail()
    choose('mail')
  }
  return (
    <section className="card narrow">
      <ViewTitle>Second factor</ViewTitle>
      <p className="lead">{leads[way]}</p>
      <Form key={way} label="Second factor" submit="Continue" isBusy={isBusy} failure={failure} onSubmit={verify}>
        {way === 'backup code' ? (
          <Field label="Backup code" name="code" autoComplete="off" spellCheck={false} required />
        ) : (
          <CodeField label="Code" name="code" />
        )}
        <Checkbox label="Trust this device" name="trustDevice" />
      </Form>
      <div className="row wrap after">
        {way !== 'app' && (
          <ActionButton look="quiet" onClick={() => choose('app')}>
            Use the app
          </ActionButton>
        )}
        <ActionButton look="quiet" isBusy={isBusy} onClick={mailCode}>
          Mail me a code
        </ActionButton>
        {way !== 'backup code' && (
          <ActionButton look="quiet" onClick={() => choose('backup code')}>
            Use a backup code
          </ActionButton>
        )}
      </div>
      <p className="after">
        <Link to="/">Back to sign in</Link>
      </p>
    </section>
  )
}
