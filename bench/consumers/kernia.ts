// An application with the plugins that both sides have, and its client. It is type-checked, never run.

import { init } from 'kernia'
import { createKerniaClient } from 'kernia/client'
import { admin } from 'kernia/plugins/admin'
import { bearer } from 'kernia/plugins/bearer'
import { emailOTP } from 'kernia/plugins/email-otp'
import { jwt } from 'kernia/plugins/jwt'
import { magicLink } from 'kernia/plugins/magic-link'
import { multiSession } from 'kernia/plugins/multi-session'
import { oneTimeToken } from 'kernia/plugins/one-time-token'
import { organization } from 'kernia/plugins/organization'
import { twoFactor } from 'kernia/plugins/two-factor'
import { username } from 'kernia/plugins/username'

export const auth = init({
  secret: 'bench-secret-bench-secret-bench-secret-0123456789',
  emailAndPassword: { enabled: true },
  user: { additionalFields: { locale: { type: 'string', required: false } } },
  plugins: [
    username(),
    magicLink({ sendMagicLink: async () => undefined }),
    emailOTP({ sendVerificationOTP: async () => undefined }),
    twoFactor(),
    bearer(),
    jwt(),
    multiSession(),
    oneTimeToken(),
    organization(),
    admin(),
  ],
})

export async function onTheServer(headers: Headers): Promise<string | undefined> {
  const found = await auth.caller({ headers }).session.get()
  return found?.user.username ?? found?.session.activeOrganizationId ?? undefined
}

const client = createKerniaClient<typeof auth.router>({ url: 'http://localhost:3000/api/auth' })

export async function onTheClient(): Promise<string> {
  await client.signIn.email.mutate({ email: 'ann@example.com', password: 'correct horse battery' })
  const made = await client.organization.create.mutate({ name: 'Acme', slug: 'acme' })
  return made.name
}
