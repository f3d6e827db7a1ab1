import { z } from 'zod'

const base64url = z.string().max(65_536)

const descriptor = z.object({
  id: z.string(),
  type: z.literal('public-key'),
  transports: z.array(z.string()).optional(),
})

const extensions = z.record(z.string(), z.unknown())

/** WebAuthn's `PublicKeyCredentialCreationOptionsJSON`. */
export const creationOptions = z.object({
  challenge: z.string(),
  rp: z.object({ name: z.string(), id: z.string().optional() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ alg: z.number(), type: z.literal('public-key') })),
  timeout: z.number().optional(),
  attestation: z.string().optional(),
  excludeCredentials: z.array(descriptor).optional(),
  authenticatorSelection: z
    .object({
      authenticatorAttachment: z.string().optional(),
      requireResidentKey: z.boolean().optional(),
      residentKey: z.string().optional(),
      userVerification: z.string().optional(),
    })
    .optional(),
  extensions: extensions.optional(),
  hints: z.array(z.string()).optional(),
})

/** WebAuthn's `PublicKeyCredentialRequestOptionsJSON`. */
export const requestOptions = z.object({
  rpId: z.string().optional(),
  challenge: z.string(),
  allowCredentials: z.array(descriptor).optional(),
  timeout: z.number().optional(),
  userVerification: z.string().optional(),
  extensions: extensions.optional(),
})

const credential = {
  id: base64url,
  rawId: base64url,
  type: z.string().max(64),
  authenticatorAttachment: z.string().max(64).nullish(),
  clientExtensionResults: extensions.optional(),
}

/** WebAuthn's `RegistrationResponseJSON`; what else is in it is not looked at. */
export const registrationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(64)).max(16).optional(),
  }),
})

/** WebAuthn's `AuthenticationResponseJSON`. */
export const authenticationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
})

/** A passkey, as its user sees it. */
export const passkeyOutput = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    publicKey: z.string(),
    userId: z.string(),
    credentialID: z.string(),
    counter: z.number(),
    deviceType: z.string(),
    backedUp: z.boolean(),
    transports: z.string().nullish(),
    createdAt: z.date().nullish(),
    aaguid: z.string().nullish(),
  })
  .meta({ id: 'Passkey' })
