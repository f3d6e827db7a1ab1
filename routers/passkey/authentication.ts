import { type AuthenticationResponseJSON, generateAuthenticationOptions } from '@simplewebauthn/server'
import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { storedSession } from '../../src/sessions.ts'
import { signInWithPasskey } from './authenticate.ts'
import { openCeremony } from './ceremony.ts'
import { descriptorsOf } from './descriptors.ts'
import { passkeyErrors, signInErrors } from './errors.ts'
import type { PasskeySettings } from './options.ts'
import { extensionsOf, rpIdOf } from './relying-party.ts'
import { authenticationResponse, requestOptions } from './schemas.ts'
import { listPasskeys } from './store.ts'

const tags = ['Passkey']

/** `passkey.generateAuthenticateOptions` and `.verifyAuthentication` */
export function authenticationProcedures({ procedure, schemas }: ProcedureBuilder, settings: PasskeySettings) {
  return {
    generateAuthenticateOptions: procedure
      .public({
        rest: 'GET /passkey/generate-authenticate-options',
        operationId: 'generatePasskeyAuthenticationOptions',
        summary: 'What to give navigator.credentials.get: the options of a sign-in with a passkey',
        description: 'Names the passkeys of a user who is signed in, and nobody’s otherwise.',
        tags,
      })
      .output(requestOptions)
      .mutation(({ ctx: { auth } }) => optionsFor(auth, settings)),

    verifyAuthentication: procedure
      .public({
        rest: 'POST /passkey/verify-authentication',
        operationId: 'verifyPasskeyAuthentication',
        summary: 'Signs in with a passkey',
        errors: [
          passkeyErrors.CHALLENGE_NOT_FOUND,
          passkeyErrors.AUTHENTICATION_FAILED,
          passkeyErrors.CLONE_SUSPECTED,
          signInErrors.PASSKEY_NOT_FOUND,
        ],
        sessionCookie: 'set',
        signsIn: true,
        tags,
      })
      .input(z.object({ response: authenticationResponse }))
      .output(schemas.orChallenge(z.object({ session: schemas.session, user: schemas.user })))
      .mutation(({ ctx: { auth }, input: { response } }) =>
        // Its shape is checked; what the values mean is for the verification to say.
        signInWithPasskey(auth, settings, response as AuthenticationResponseJSON),
      ),
  }
}

async function optionsFor(auth: AuthContext, settings: PasskeySettings): Promise<z.infer<typeof requestOptions>> {
  const userId = (await storedSession(auth))?.user.id
  const passkeys = userId ? await listPasskeys(auth, userId) : []
  const options = await generateAuthenticationOptions({
    rpID: rpIdOf(auth, settings),
    userVerification: settings.selection.userVerification,
    extensions: await extensionsOf(auth, settings.authentication.extensions),
    ...(passkeys.length > 0 && { allowCredentials: descriptorsOf(passkeys) }),
  })
  const ceremony = { challenge: options.challenge, ...(passkeys.length > 0 && { userId }) }
  await openCeremony(auth, 'passkey-authentication', { settings, ceremony })
  return options as z.infer<typeof requestOptions>
}
