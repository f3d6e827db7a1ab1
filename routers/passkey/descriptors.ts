import type { AuthenticatorTransport } from '@simplewebauthn/server'
import type { Passkey } from '../../entities/passkey.ts'

/** Passkeys, as a browser is told which ones are meant. */
export function descriptorsOf(passkeys: readonly Passkey[]) {
  return passkeys.map(({ credentialID: id, transports }) => ({
    id,
    // As the browser has named them at registration.
    ...(transports && { transports: transports.split(',') as AuthenticatorTransport[] }),
  }))
}
