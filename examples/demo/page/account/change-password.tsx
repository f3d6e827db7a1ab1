import { authClient } from '../auth-client.ts'
import { Checkbox, PasswordField } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { useAction } from '../use-action.ts'

type ChangePasswordProps = { email: string; notify: Notify }

export function ChangePassword({ email, notify }: ChangePasswordProps) {
  const { run, isBusy, failure } = useAction()
  const change = async ({ text, isChecked, reset }: FormValues) => {
    const isChanged = await run(() =>
      authClient.changePassword({
        currentPassword: text('currentPassword'),
        newPassword: text('newPassword'),
        revokeOtherSessions: isChecked('revokeOtherSessions'),
      }),
    )
    if (!isChanged) return
    reset()
    notify('Your password is changed.')
  }
  return (
    <section className="card" aria-labelledby="password-title">
      <h2 id="password-title">Password</h2>
      <Form label="Change password" submit="Change password" isBusy={isBusy} failure={failure} onSubmit={change}>
        {/* Tells password managers whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordField label="Current password" name="currentPassword" autoComplete="current-password" />
        <PasswordField
          label="New password"
          name="newPassword"
          autoComplete="new-password"
          hint="At least 8 characters"
        />
        <Checkbox label="Sign out other devices" name="revokeOtherSessions" defaultChecked />
      </Form>
    </section>
  )
}
