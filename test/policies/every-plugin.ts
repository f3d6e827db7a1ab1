import { admin } from '../../routers/admin/index.ts'
import { adminConfig } from '../../routers/admin-config/index.ts'
import { apiKey } from '../../routers/api-key/index.ts'
import { bearer } from '../../routers/bearer/index.ts'
import { emailOTP } from '../../routers/email-otp/index.ts'
import { genericOAuth } from '../../routers/generic-oauth/index.ts'
import { jwt } from '../../routers/jwt/index.ts'
import { lastLoginMethod } from '../../routers/last-login-method/index.ts'
import { magicLink } from '../../routers/magic-link/index.ts'
import { multiSession } from '../../routers/multi-session/index.ts'
import { oAuthProxy } from '../../routers/oauth-proxy/index.ts'
import { oneTap } from '../../routers/one-tap/index.ts'
import { oneTimeToken } from '../../routers/one-time-token/index.ts'
import { openAPI } from '../../routers/open-api/index.ts'
import { organization } from '../../routers/organization/index.ts'
import { passkey } from '../../routers/passkey/index.ts'
import { twoFactor } from '../../routers/two-factor/index.ts'
import { username } from '../../routers/username/index.ts'

/** Takes a secret that is mailed, by its kind. */
export type Keep = (kind: string, secret: string) => void

/** Every plugin there is, each with all of its procedures. */
export function everyPlugin(keep: Keep = () => undefined) {
  const unsent = async () => undefined
  const provider = { providerId: 'acme', clientId: 'matrix', clientSecret: 'matrix' }
  const endpoints = { authorizationUrl: 'https://acme.example/authorize', tokenUrl: 'https://acme.example/token' }
  return [
    admin(),
    adminConfig(),
    apiKey([
      { configId: 'people', enableSessionForAPIKeys: true, rateLimit: { enabled: false } },
      { configId: 'companies', references: 'organization' },
    ]),
    bearer(),
    emailOTP({ sendVerificationOTP: unsent }),
    genericOAuth({ config: [{ ...provider, ...endpoints }] }),
    jwt({ rotation: { authorize: () => false } }),
    lastLoginMethod({ storeInDatabase: true }),
    magicLink({ sendMagicLink: async ({ token }) => keep('magic link', token) }),
    multiSession(),
    oAuthProxy(),
    oneTap(),
    oneTimeToken(),
    openAPI(),
    organization({ teams: { enabled: true }, dynamicAccessControl: { enabled: true } }),
    passkey(),
    twoFactor({ otpOptions: { sendOTP: unsent } }),
    username(),
  ] as const
}
