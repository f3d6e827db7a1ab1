import type { Notify } from './notice.tsx'
import { ForgotPassword } from './sign-in/forgot-password.tsx'
import { SecondFactor } from './sign-in/second-factor.tsx'
import { SignIn } from './sign-in/sign-in.tsx'
import { SignInByMail } from './sign-in/sign-in-by-mail.tsx'
import { SignUp } from './sign-in/sign-up.tsx'
import { Welcome } from './sign-in/welcome.tsx'

type SignedOutProps = { path: string; notify: Notify; onMail(): void }

/** The ways in. A path that needs a session shows the form to get one. */
export function SignedOut({ path, notify, onMail }: SignedOutProps) {
  return <Welcome>{formOf(path, notify, onMail)}</Welcome>
}

function formOf(path: string, notify: Notify, onMail: () => void) {
  switch (path) {
    case '/sign-up':
      return <SignUp notify={notify} onMail={onMail} />
    case '/sign-in-by-mail':
      return <SignInByMail notify={notify} onMail={onMail} />
    case '/second-factor':
      return <SecondFactor notify={notify} onMail={onMail} />
    case '/forgot-password':
      return <ForgotPassword notify={notify} onMail={onMail} />
    default:
      return <SignIn notify={notify} />
  }
}
