import { generateRegistrationOptions, type RegistrationResponseJSON } from '@simplewebauthn/server'
import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { randomString } from '../../src/crypto/random.ts'
import { errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { openCeremony } from './ceremony.ts'
import { descriptorsOf } from './descriptors.ts'
import { passkeyErrors } from './errors.ts'
import type { PasskeySettings } from './options.ts'
import { registerPasskey, registrationUser } from './register.ts'
import { extensionsOf, rpIdOf, SUPPORTED_ALGORITHMS } from './relying-party.ts'
import { creationOptions, passkeyOutput, registrationResponse } from './schemas.ts'
import { listPasskeys } from './store.ts'

const tags = ['Passkey']
const HANDLE_LENGTH = 32

const query = z
  .object({
    authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
    name: z.string().max(255).optional(),
    context: z.string().max(4096).optional(),
  })
  .optional()

/** `passkey.generateRegisterOptions` and `.verifyRegistration` */
export function registrationProcedures({ procedure }: ProcedureBuilder, settings: PasskeySettings) {
  // The two differ in what they promise the handler, which asks for the session itself.
  const open = (settings.requireSession ? procedure.fresh : procedure.public) as typeof procedure.public
  const stepUp = settings.requireSecondFactor ? [errors.STEP_UP_REQUIRED] : []
  return {
    generateRegisterOptions: open({
      rest: 'GET /passkey/generate-register-options',
      operationId: 'generatePasskeyRegistrationOptions',
      ownerOnly: true,
      summary: 'What to give navigator.credentials.create: the options for a new passkey',
      errors: [passkeyErrors.RESOLVE_USER_REQUIRED, passkeyErrors.RESOLVED_USER_INVALID, ...stepUp],
      tags,
    })
      .input(query)
      .output(creationOptions)
      .mutation(({ ctx: { auth }, input }) => optionsFor(auth, settings, input ?? {})),

    verifyRegistration: open({
      rest: 'POST /passkey/verify-registration',
      operationId: 'verifyPasskeyRegistration',
      ownerOnly: true,
      summary: 'Stores the passkey that the browser has made',
      description: 'With the challenge that this browser was given within the last five minutes, once.',
      errors: [
        passkeyErrors.CHALLENGE_NOT_FOUND,
        passkeyErrors.FAILED_TO_VERIFY_REGISTRATION,
        passkeyErrors.PREVIOUSLY_REGISTERED,
        passkeyErrors.RESOLVED_USER_INVALID,
        passkeyErrors.YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY,
        ...stepUp,
      ],
      tags,
    })
      .input(z.object({ response: registrationResponse, name: z.string().max(255).optional() }))
      .output(passkeyOutput)
      .mutation(({ ctx: { auth }, input: { response, name } }) =>
        // Its shape is checked; what the values mean is for the verification to say.
        registerPasskey(auth, settings, { response: response as RegistrationResponseJSON, name }),
      ),
  }
}

async function optionsFor(
  auth: AuthContext,
  settings: PasskeySettings,
  { name, context, authenticatorAttachment }: NonNullable<z.infer<typeof query>>,
): Promise<z.infer<typeof creationOptions>> {
  const user = await registrationUser(auth, settings, context)
  const options = await generateRegistrationOptions({
    rpName: settings.rpName ?? auth.kernel.options.appName,
    rpID: rpIdOf(auth, settings),
    // Random, so that what an authenticator tells of itself says nothing of the user.
    userID: new TextEncoder().encode(randomString(HANDLE_LENGTH)),
    userName: name || user.name,
    userDisplayName: user.displayName || user.name,
    attestationType: 'none',
    supportedAlgorithmIDs: SUPPORTED_ALGORITHMS,
    excludeCredentials: descriptorsOf(await listPasskeys(auth, user.id)),
    authenticatorSelection: { ...settings.selection, ...(authenticatorAttachment && { authenticatorAttachment }) },
    extensions: await extensionsOf(auth, settings.registration.extensions),
  })
  const { id: userId, name: userName, displayName } = user
  const ceremony = { challenge: options.challenge, userId, name: userName, displayName, context: context ?? null }
  await openCeremony(auth, 'passkey-registration', { settings, ceremony })
  return options as z.infer<typeof creationOptions>
}
