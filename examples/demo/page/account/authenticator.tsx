import { authClient } from '../auth-client.ts'
import { CodeField } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { useAction } from '../use-action.ts'
import { QrCode } from './qr/qr-code.tsx'

type SetUpProps = { totpURI: string; backupCodes: string[]; notify: Notify; onDone(): void }

/** Hands the secret to an app and asks for a first code, which turns the second factor on. */
export function SetUpAuthenticator({ totpURI, backupCodes, notify, onDone }: SetUpProps) {
  const { run, isBusy, failure } = useAction()
  const verify = async ({ text }: FormValues) => {
    if (!(await run(() => authClient.twoFactor.verifyTotp({ code: text('code') })))) return
    notify('The second factor is on.')
    onDone()
  }
  const secret = new URL(totpURI).searchParams.get('secret') ?? ''
  return (
    <>
      <p className="lead">Scan this with your authenticator app, or type the key into it.</p>
      <QrCode text={totpURI} label="The key as a QR code" />
      <p className="secret" data-testid="totp-secret">
        <code>{secret}</code>
      </p>
      <BackupCodes codes={backupCodes} />
      <Form label="Set up the app" submit="Turn on" isBusy={isBusy} failure={failure} onSubmit={verify}>
        <CodeField label="Code of the app" name="code" />
      </Form>
    </>
  )
}

/** They are shown once: the server keeps hashes only. */
export function BackupCodes({ codes }: { codes: string[] }) {
  return (
    <div>
      <p>Keep these backup codes for when the app is lost. They are not shown again.</p>
      <ul className="codes" aria-label="Backup codes">
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}
