import { createHash, createPublicKey, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { type Cbor, encodeCbor } from './cbor.ts'

/** The part of `PublicKeyCredentialCreationOptionsJSON` that it looks at. */
export interface CreationOptions {
  challenge: string
  rp: { id?: string; name: string }
  user: { id: string; name: string; displayName: string }
  pubKeyCredParams: readonly { alg: number; type: string }[]
  excludeCredentials?: readonly { id: string }[]
}

/** The part of `PublicKeyCredentialRequestOptionsJSON` that it looks at. */
export interface RequestOptions {
  challenge: string
  rpId?: string
  allowCredentials?: readonly { id: string }[]
}

/** What the browser says of the page, and the authenticator of the person; other than by default they are lies to test with. */
export interface Ceremony {
  /** Of the page. */
  origin: string
  /** The page is in a frame of another site's. */
  crossOrigin?: boolean
  type?: string
  challenge?: string
  rpId?: string
  /** Whether somebody touched it; default true. */
  userPresent?: boolean
  /** Whether it was the owner; default true. */
  userVerified?: boolean
  /** Of signatures so far; default: one more than the last one, or always 0 for an authenticator that does not count. */
  counter?: number
}

export interface SoftAuthenticatorOptions {
  /** Counts signatures, as security keys do. Default false, as passkeys that are backed up. */
  counts?: boolean
  /** May be backed up, and is. Default: the opposite of `counts`. */
  backedUp?: boolean
  /** Bytes of a credential's id. Default 32. */
  idLength?: number
  /** The credentials it makes, one after the other, where they have to be the same at every run. Default: new ones. */
  prepared?: readonly PreparedCredential[]
}

/** A credential whose id and key on the curve P-256 are chosen. */
export interface PreparedCredential {
  id: Buffer
  privateKey: KeyObject
}

/** An authenticator in memory, for tests of passkeys: ES256, without attestation. */
export interface SoftAuthenticator {
  /** Answers `navigator.credentials.create`, as `RegistrationResponseJSON`. */
  create(options: CreationOptions, ceremony: Ceremony): RegistrationAnswer
  /** Answers `navigator.credentials.get`, as `AuthenticationResponseJSON`. */
  get(options: RequestOptions, ceremony: Ceremony): AuthenticationAnswer
}

interface Answer<Response> {
  id: string
  rawId: string
  type: 'public-key'
  response: Response
  clientExtensionResults: Record<string, never>
}
export type RegistrationAnswer = Answer<{ clientDataJSON: string; attestationObject: string; transports: 'internal'[] }>
export type AuthenticationAnswer = Answer<{
  clientDataJSON: string
  authenticatorData: string
  signature: string
  userHandle: string
}>

interface Credential {
  id: Buffer
  rpId: string
  userHandle: string
  privateKey: KeyObject
  counter: number
}

function newCredential(idLength: number): PreparedCredential {
  return { id: randomBytes(idLength), privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }
}

const ES256 = -7
const FLAGS = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 }

export function createSoftAuthenticator(options: SoftAuthenticatorOptions = {}): SoftAuthenticator {
  const { counts = false, backedUp = !counts, idLength = 32, prepared = [] } = options
  const credentials: Credential[] = []
  const isOneOf = (list: readonly { id: string }[] | undefined) => (credential: Credential) =>
    list?.some(({ id }) => id === credential.id.toString('base64url')) ?? false
  return {
    create: ({ challenge, rp, user, pubKeyCredParams, excludeCredentials }, ceremony) => {
      if (credentials.some(isOneOf(excludeCredentials))) throw new Error('InvalidStateError: registered already')
      if (!pubKeyCredParams.some(({ alg }) => alg === ES256)) throw new Error('NotSupportedError: no ES256')
      const rpId = rp.id ?? new URL(ceremony.origin).hostname
      const { id, privateKey } = prepared[credentials.length] ?? newCredential(idLength)
      const publicKey = createPublicKey(privateKey)
      const credential = { id, rpId, userHandle: user.id, privateKey, counter: 0 }
      credentials.push(credential)
      const attested = attestedCredential(credential.id, publicKey)
      const authData = authenticatorData(credential, { ceremony, counts, backedUp, attested })
      const attestation = encodeCbor(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authData],
        ]),
      )
      const clientDataJSON = clientData('webauthn.create', challenge, ceremony).toString('base64url')
      const attestationObject = attestation.toString('base64url')
      return answer(credential, { clientDataJSON, attestationObject, transports: ['internal'] })
    },
    get: ({ challenge, rpId, allowCredentials }, ceremony) => {
      const wanted = rpId ?? new URL(ceremony.origin).hostname
      const isAllowed = allowCredentials?.length ? isOneOf(allowCredentials) : () => true
      const credential = credentials.findLast(each => each.rpId === wanted && isAllowed(each))
      if (!credential) throw new Error('NotAllowedError: no such passkey')
      const authData = authenticatorData(credential, { ceremony, counts, backedUp })
      const client = clientData('webauthn.get', challenge, ceremony)
      const signer = createSign('sha256').update(authData).update(createHash('sha256').update(client).digest())
      return answer(credential, {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signer.sign(credential.privateKey).toString('base64url'),
        userHandle: credential.userHandle,
      })
    },
  }
}

function answer<Response>({ id }: Credential, response: Response): Answer<Response> {
  const text = id.toString('base64url')
  return { id: text, rawId: text, type: 'public-key', response, clientExtensionResults: {} }
}

/** The collected client data (WebAuthn, section 5.8.1). */
function clientData(type: string, challenge: string, ceremony: Ceremony): Buffer {
  const { origin, crossOrigin = false } = ceremony
  const data = { type: ceremony.type ?? type, challenge: ceremony.challenge ?? challenge, origin, crossOrigin }
  return Buffer.from(JSON.stringify(data))
}

interface Statement {
  ceremony: Ceremony
  counts: boolean
  backedUp: boolean
  attested?: Buffer
}

/** The authenticator data (WebAuthn, section 6.1). */
function authenticatorData(credential: Credential, { ceremony, counts, backedUp, attested }: Statement): Buffer {
  if (counts) credential.counter = ceremony.counter ?? credential.counter + 1
  const flags =
    (ceremony.userPresent === false ? 0 : FLAGS.userPresent) |
    (ceremony.userVerified === false ? 0 : FLAGS.userVerified) |
    (backedUp ? FLAGS.backupEligible | FLAGS.backedUp : 0) |
    (attested ? FLAGS.attested : 0)
  const rpIdHash = createHash('sha256')
    .update(ceremony.rpId ?? credential.rpId)
    .digest()
  const rest = Buffer.alloc(5)
  rest.writeUInt8(flags, 0)
  rest.writeUInt32BE(credential.counter, 1)
  return Buffer.concat([rpIdHash, rest, attested ?? Buffer.alloc(0)])
}

/** The attested credential data (WebAuthn, section 6.5.1) with a COSE key (RFC 9053, section 7.1.1). */
function attestedCredential(id: Buffer, publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const length = Buffer.alloc(2)
  length.writeUInt16BE(id.length)
  const key = encodeCbor(
    new Map<number, Cbor>([
      [1, 2],
      [3, ES256],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  )
  return Buffer.concat([Buffer.alloc(16), length, id, key])
}
