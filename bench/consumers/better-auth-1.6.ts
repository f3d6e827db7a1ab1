// An application with the plugins that both sides have, and its client. It is type-checked, never run.

import { betterAuth } from 'better-auth'
import { createAuthClient } from 'better-auth/client'
import { inferAdditionalFields, organizationClient, twoFactorClient, usernameClient } from 'better-auth/client/plugins'
import {
  admin,
  bearer,
  emailOTP,
  jwt,
  magicLink,
  multiSession,
  oneTimeToken,
  organization,
  twoFactor,
  username,
} from 'better-auth/plugins'

export const auth = betterAuth({
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
  const found = await auth.api.getSession({ headers })
  return found?.user.username ?? found?.session.activeOrganizationId ?? undefined
}

const client = createAuthClient({
  baseURL: 'http://localhost:3000/api/auth',
  plugins: [usernameClient(), twoFactorClient(), organizationClient(), inferAdditionalFields<typeof auth>()],
})

export async function onTheClient(): Promise<string | undefined> {
  await client.signIn.email({ email: 'ann@example.com', password: 'correct horse battery' })
  const made = await client.organization.create({ name: 'Acme', slug: 'acme' })
  return made.data?.name
}
