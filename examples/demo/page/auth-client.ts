import { passkeyClient } from '@better-auth/passkey/client'
import {
  adminClient,
  emailOTPClient,
  magicLinkClient,
  organizationClient,
  twoFactorClient,
} from 'better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'
import { passkeyWatch } from './passkey-signals.ts'
import { goTo } from './route.tsx'

/** The official client and its plugins, unchanged: it finds the server at /api/auth of the page's own origin. */
export const authClient = createAuthClient({
  fetchOptions: passkeyWatch,
  plugins: [
    // Called wherever a sign-in is answered with the challenge for a second factor.
    twoFactorClient({ onTwoFactorRedirect: () => goTo('/second-factor') }),
    passkeyClient(),
    magicLinkClient(),
    emailOTPClient(),
    organizationClient({ teams: { enabled: true } }),
    adminClient(),
  ],
})

export type SessionData = typeof authClient.$Infer.Session
