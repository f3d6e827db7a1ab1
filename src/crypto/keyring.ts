import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { deriveKey, sign } from './hmac.ts'
import { loadJose } from './jose.ts'
import type { JwtClaims } from './jwt-claims.ts'

/** A secret of the instance. Without a version it is the one that was there before versions were. */
export interface Secret {
  version?: number
  value: string
  /** None was configured, so this one is random and ends with the process. */
  isGenerated?: boolean
}

/** What reading a token gave: its claims, or why there are none. */
export type TokenReading = { claims: JwtClaims } | { problem: 'expired' | 'invalid' }

/**
 * The secrets of an instance at work. What is made uses the newest; what was made with any of them is read. A value
 * whose secret is gone is unreadable like a forged one: it is answered with `undefined`, never with an exception.
 */
export interface Keyring {
  /** The secrets, newest first, for forms that the wire prescribes byte by byte. */
  readonly secrets: readonly string[]
  /** Base64 HMAC-SHA256 of `value` with the newest secret. */
  sign(value: string): string
  /**
   * Encrypts (AES-256-GCM) with a key that only `purpose` has, so that what is sealed for one use opens under no other.
   * @returns `k1.<version>.<base64url of nonce, ciphertext and tag>`
   */
  seal(purpose: string, text: string): string
  open(purpose: string, sealed: string): string | undefined
  /** A JWT (RFC 7519, HS256) with a key that only `purpose` has. `expiresIn` is in seconds. */
  issueToken(purpose: string, claims: JwtClaims, times: { now: Date; expiresIn: number }): Promise<string>
  readToken(purpose: string, token: string, now: Date): Promise<TokenReading>
}

/** @param secrets at least one, the newest first */
export function createKeyring(secrets: readonly Secret[]): Keyring {
  const [newest] = secrets
  if (!newest) throw new Error('createKeyring: no secret')
  const keyOf = rememberKeys()
  // The version is a hint: a secret may have got its version after it was used without one.
  const likelyFirst = (version: string | undefined) =>
    secrets.toSorted((a, b) => Number(versionOf(b) === version) - Number(versionOf(a) === version))
  return {
    secrets: secrets.map(({ value }) => value),
    sign: value => sign(newest.value, value),
    seal: (purpose, text) => `k1.${versionOf(newest)}.${encrypt(keyOf(newest, `seal:${purpose}`), text)}`,
    open: (purpose, sealed) => {
      const [, version, payload] = /^k1\.(\d+)\.([\w-]+)$/.exec(sealed) ?? []
      if (!payload) return undefined
      for (const secret of likelyFirst(version)) {
        const text = decrypt(keyOf(secret, `seal:${purpose}`), payload)
        if (text !== undefined) return text
      }
      return undefined
    },
    issueToken: async (purpose, claims, { now, expiresIn }) => {
      const { SignJWT } = await loadJose()
      const seconds = Math.floor(now.getTime() / 1000)
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: versionOf(newest) })
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + expiresIn)
        .sign(keyOf(newest, `token:${purpose}`))
    },
    readToken: async (purpose, token, now) => {
      let reading: TokenReading = { problem: 'invalid' }
      for (const secret of secrets) {
        const read = await verify(token, keyOf(secret, `token:${purpose}`), now)
        if ('claims' in read) return read
        if (read.problem === 'expired') reading = read
      }
      return reading
    },
  }
}

function versionOf({ version = 0 }: Secret): string {
  return String(version)
}

/** Deriving costs more than using, and the purposes are few. */
function rememberKeys(): (secret: Secret, purpose: string) => Buffer {
  const keys = new Map<string, Buffer>()
  return ({ value }, purpose) => {
    const name = `${purpose}\0${value}`
    const key = keys.get(name) ?? deriveKey(value, purpose)
    keys.set(name, key)
    return key
  }
}

const NONCE = 12
const TAG = 16

function encrypt(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, encrypted, cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: Buffer, payload: string): string | undefined {
  const bytes = Buffer.from(payload, 'base64url')
  if (bytes.length < NONCE + TAG) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAuthTag(bytes.subarray(-TAG))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

async function verify(token: string, key: Buffer, now: Date): Promise<TokenReading> {
  const { errors, jwtVerify } = await loadJose()
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      currentDate: now,
      requiredClaims: ['exp', 'iat'],
    })
    return { claims: payload }
  } catch (error) {
    return { problem: error instanceof errors.JWTExpired ? 'expired' : 'invalid' }
  }
}
