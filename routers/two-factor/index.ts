import { TWO_FACTOR_MODELS } from '../../entities/two-factor.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { renameTables } from '../../src/plugin-schema.ts'
import { resolveTwoFactor, type TwoFactorOptions } from './options.ts'
import { type TwoFactorRouter, twoFactorProcedures } from './procedures.ts'
import { provedAt } from './proof.ts'
import { type TwoFactorServerRouter, twoFactorServerProcedures } from './server.ts'
import { challengeSignIn, clearUnproven, isEnrolled, type TwoFactorChallenge, twoFactorChallenge } from './sign-in.ts'
import { revokeTrust } from './trusted-devices.ts'

export type { TwoFactorEvents } from './events.ts'
export type { BackupCodeOptions, OTPOptions, TOTPOptions, TwoFactorOptions } from './options.ts'
export type { TwoFactorRouter } from './procedures.ts'
export type { TwoFactorServerRouter } from './server.ts'
export type { TwoFactorChallenge } from './sign-in.ts'

export interface TwoFactorPlugin
  extends Plugin<TwoFactorRouter, typeof TWO_FACTOR_MODELS, TwoFactorChallenge, TwoFactorServerRouter> {}

/**
 * A second factor for users who turn it on: codes of an authenticator app (TOTP, RFC 6238), codes that are sent, and
 * backup codes. A sign-in with a password is answered with a challenge, and no session exists before that is met.
 * @throws when an option makes no sense
 */
export function twoFactor(options: TwoFactorOptions = {}): TwoFactorPlugin {
  const settings = resolveTwoFactor(options)
  const { twoFactorTable: modelName, schema = {} } = options
  const names = { ...schema, twoFactor: { ...(modelName && { modelName }), ...schema.twoFactor } }
  return definePlugin<TwoFactorRouter, typeof TWO_FACTOR_MODELS, TwoFactorChallenge, TwoFactorServerRouter>({
    id: 'two-factor',
    schema: renameTables(TWO_FACTOR_MODELS, names),
    procedures: builder => twoFactorProcedures(builder, settings),
    serverProcedures: builder => twoFactorServerProcedures(builder, settings),
    challenge: twoFactorChallenge,
    hooks: {
      hasSecondFactor: ({ userId }, auth) => isEnrolled(auth, userId),
      secondFactorAt: provedAt,
      credentialVerified: (event, auth) => challengeSignIn(auth, event, settings),
      passwordChanged: ({ userId }, auth) => revokeTrust(auth, userId),
      unprovenClearing: (user, auth) => clearUnproven(auth, user),
    },
  })
}
