import {
  type RegistrationResponseJSON,
  type VerifiedRegistrationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { maxLengthOf } from '../../entities/index.ts'
import type { Passkey } from '../../entities/passkey.ts'
import { passkeyFields } from '../../entities/passkey.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import { storedSession } from '../../src/sessions.ts'
import { assertFactorKept } from '../../src/step-up.ts'
import { findUserById } from '../../src/users.ts'
import { type Ceremony, takeCeremony } from './ceremony.ts'
import { passkeyErrors } from './errors.ts'
import type { PasskeyRegistrationUser, PasskeySettings } from './options.ts'
import { type Expected, expectationsOf, isFramed, SUPPORTED_ALGORITHMS } from './relying-party.ts'
import { createPasskey } from './store.ts'

/**
 * Whom a passkey is to be for: the signed-in user, or whom the application says.
 * @throws RESOLVE_USER_REQUIRED, RESOLVED_USER_INVALID; STEP_UP_REQUIRED, if the options ask for the factor that is there
 */
export async function registrationUser(
  auth: AuthContext,
  { registration, requireSession, requireSecondFactor }: PasskeySettings,
  context: string | undefined,
): Promise<PasskeyRegistrationUser> {
  const session = await storedSession(auth)
  if (session) {
    if (requireSecondFactor) await assertFactorKept(auth, session)
    const { id, email } = session.user
    return { id, name: email || id, displayName: email || id }
  }
  const { resolveUser } = registration
  if (requireSession || !resolveUser) throw new AuthError(passkeyErrors.RESOLVE_USER_REQUIRED)
  const user = await askApplication(() => resolveUser({ ctx: hookContextOf(auth), context: context ?? null }))
  if (!user?.id || !user.name) throw new AuthError(passkeyErrors.RESOLVED_USER_INVALID)
  return user
}

/** Stores the passkey that a browser has made for the challenge it was given. */
export async function registerPasskey(
  auth: AuthContext,
  settings: PasskeySettings,
  { response, name }: { response: RegistrationResponseJSON; name?: string },
): Promise<Passkey> {
  const ceremony = await takeCeremony(auth, 'passkey-registration', settings)
  if (!ceremony?.userId) throw new AuthError(passkeyErrors.CHALLENGE_NOT_FOUND)
  const session = await storedSession(auth)
  assertSame(session?.user.id, ceremony.userId)
  if (session && settings.requireSecondFactor) await assertFactorKept(auth, session)
  const expected = await expectationsOf(auth, settings)
  const verification = await verify(response, ceremony, expected)
  const userId = await ownerOf(auth, settings, { ceremony, verification, response, signedInAs: session?.user.id })
  const { credential, credentialDeviceType, credentialBackedUp, aaguid } = verification.registrationInfo
  try {
    const passkey = await createPasskey(auth, {
      name,
      userId,
      credentialID: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64'),
      counter: credential.counter,
      deviceType: credentialDeviceType,
      backedUp: credentialBackedUp,
      transports: response.response.transports?.join(','),
      aaguid,
    })
    await auth.kernel.events.emit('passkey.added', { userId, passkeyId: passkey.id })
    return passkey
  } catch (error) {
    if (error instanceof UniqueViolation) throw new AuthError(passkeyErrors.PREVIOUSLY_REGISTERED)
    throw error
  }
}

type Verified = VerifiedRegistrationResponse & { verified: true }

async function verify(
  response: RegistrationResponseJSON,
  { challenge }: Ceremony,
  expected: Expected,
): Promise<Verified> {
  const failed = (cause?: unknown) => new AuthError(passkeyErrors.FAILED_TO_VERIFY_REGISTRATION, { cause })
  if (isFramed(response.response.clientDataJSON)) throw failed()
  const verification = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    supportedAlgorithmIDs: SUPPORTED_ALGORITHMS,
    ...expected,
  }).catch(cause => {
    throw failed(cause)
  })
  if (!verification.verified) throw failed()
  if (verification.registrationInfo.credential.id.length > maxLengthOf(passkeyFields.credentialID)) throw failed()
  return verification
}

interface Registration {
  ceremony: Ceremony
  verification: Verified
  response: RegistrationResponseJSON
  signedInAs: string | undefined
}

/** The user of the challenge, or the one that the application then names. */
async function ownerOf(
  auth: AuthContext,
  { registration: { afterVerification } }: PasskeySettings,
  { ceremony, verification, response, signedInAs }: Registration,
): Promise<string> {
  const { userId: id = '', name = id, displayName, context } = ceremony
  const user = { id, name, displayName }
  const named = await askApplication(() =>
    afterVerification?.({ ctx: hookContextOf(auth), verification, user, clientData: response, context }),
  )
  const userId = named?.userId || id
  assertSame(signedInAs, userId)
  if (typeof userId !== 'string' || (!signedInAs && !(await findUserById(auth, userId)))) {
    throw new AuthError(passkeyErrors.RESOLVED_USER_INVALID)
  }
  return userId
}

function assertSame(signedInAs: string | undefined, userId: string): void {
  if (signedInAs !== undefined && signedInAs !== userId) {
    throw new AuthError(passkeyErrors.YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY)
  }
}
