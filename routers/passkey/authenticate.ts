import {
  type AuthenticationResponseJSON,
  type VerifiedAuthenticationResponse,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server'
import type { Session, User } from '../../entities/index.ts'
import type { Passkey } from '../../entities/passkey.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import type { SignInChallenge } from '../../src/plugin.ts'
import { createSession, sendSession } from '../../src/sessions.ts'
import { findUserById } from '../../src/users.ts'
import { takeCeremony } from './ceremony.ts'
import { passkeyErrors, signInErrors } from './errors.ts'
import type { PasskeySettings } from './options.ts'
import { proofOf } from './proof.ts'
import { type Expected, expectationsOf, isFramed } from './relying-party.ts'
import { advanceCounter, findPasskey } from './store.ts'

/**
 * Signs in whoever has the passkey that a browser has signed the challenge with. A passkey that has verified its owner, by
 * a fingerprint or a PIN, is two factors at once; for one that has not, plugins may ask for a second step.
 */
export async function signInWithPasskey(
  auth: AuthContext,
  settings: PasskeySettings,
  response: AuthenticationResponseJSON,
): Promise<{ session: Session; user: User } | SignInChallenge> {
  const ceremony = await takeCeremony(auth, 'passkey-authentication', settings)
  if (!ceremony) throw new AuthError(passkeyErrors.CHALLENGE_NOT_FOUND)
  const passkey = await findPasskey(auth, response.id)
  if (!passkey) throw new AuthError(signInErrors.PASSKEY_NOT_FOUND)
  // Only the passkeys of the user who was signed in were asked for.
  if (ceremony.userId && ceremony.userId !== passkey.userId) throw new AuthError(passkeyErrors.AUTHENTICATION_FAILED)
  const expected = await expectationsOf(auth, settings)
  const verification = await verify(passkey, response, { ...expected, expectedChallenge: ceremony.challenge })
  const { afterVerification } = settings.authentication
  await askApplication(() => afterVerification?.({ ctx: hookContextOf(auth), verification, clientData: response }))
  await assertInTurn(auth, passkey, verification.authenticationInfo)
  const user = await findUserById(auth, passkey.userId)
  if (!user) throw new AuthError(passkeyErrors.AUTHENTICATION_FAILED)
  const { userVerified } = verification.authenticationInfo
  if (!userVerified) {
    const challenge = await auth.kernel.hooks.ask('credentialVerified', { user, rememberMe: true }, auth)
    if (challenge) return challenge as SignInChallenge
  }
  const session = await createSession(auth, user, userVerified ? { fields: proofOf(auth) } : {})
  sendSession(auth, { session, user })
  return { session, user }
}

async function verify(
  passkey: Passkey,
  response: AuthenticationResponseJSON,
  expected: Expected & { expectedChallenge: string },
): Promise<VerifiedAuthenticationResponse> {
  const failed = (cause?: unknown) => new AuthError(passkeyErrors.AUTHENTICATION_FAILED, { cause })
  if (isFramed(response.response.clientDataJSON)) throw failed()
  const credential = {
    id: passkey.credentialID,
    publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64')),
    // Checked by us and where it is stored, once the signature is known to be right.
    counter: 0,
  }
  const verification = await verifyAuthenticationResponse({ response, credential, ...expected }).catch(cause => {
    throw failed(cause)
  })
  if (!verification.verified) throw failed()
  return verification
}

/** @throws CLONE_SUSPECTED for a signature that is older than one that was seen */
async function assertInTurn(
  auth: AuthContext,
  passkey: Passkey,
  { newCounter, credentialBackedUp }: VerifiedAuthenticationResponse['authenticationInfo'],
): Promise<void> {
  if (await advanceCounter(auth, passkey, { counter: newCounter, backedUp: credentialBackedUp })) return
  await auth.kernel.events.emit('passkey.clone-suspected', { userId: passkey.userId, passkeyId: passkey.id })
  throw new AuthError(passkeyErrors.CLONE_SUSPECTED)
}
