import { PASSKEY_MODELS } from '../../entities/passkey.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { renameTables } from '../../src/plugin-schema.ts'
import { type PasskeyOptions, resolvePasskey } from './options.ts'
import { type PasskeyRouter, passkeyProcedures } from './procedures.ts'
import { provedAt } from './proof.ts'
import { deletePasskeys, hasPasskey } from './store.ts'

export type { Passkey } from '../../entities/passkey.ts'
export type { PasskeyEvents } from './events.ts'
export type {
  PasskeyAuthenticationOptions,
  PasskeyOptions,
  PasskeyRegistrationOptions,
  PasskeyRegistrationUser,
} from './options.ts'
export type { PasskeyRouter } from './procedures.ts'

export interface PasskeyPlugin extends Plugin<PasskeyRouter, typeof PASSKEY_MODELS> {}

/** Sign-in with passkeys (WebAuthn), with and without naming the user first. Needs the package `@simplewebauthn/server`. */
export function passkey(options: PasskeyOptions = {}): PasskeyPlugin {
  const settings = resolvePasskey(options)
  return definePlugin<PasskeyRouter, typeof PASSKEY_MODELS>({
    id: 'passkey',
    signInMethod: 'passkey',
    schema: renameTables(PASSKEY_MODELS, options.schema),
    procedures: builder => passkeyProcedures(builder, settings),
    hooks: {
      secondFactorAt: provedAt,
      hasPhishingResistantFactor: ({ userId }, auth) => hasPasskey(auth, userId),
      // Whoever made the user may have added one.
      unprovenClearing: (user, auth) => deletePasskeys(auth, user.id),
    },
  })
}
