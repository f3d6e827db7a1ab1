import type { JWT_MODELS } from '../../entities/jwt.ts'
import type { SessionData } from '../../src/context.ts'
import type { JwtClaims } from '../../src/crypto/jwt-claims.ts'
import type { SchemaNames } from '../../src/plugin-schema.ts'
import type { JwksAdapter } from './key-table.ts'
import { type ExpirationTime, spanSeconds } from './time-span.ts'

/** What signs the tokens (RFC 7518, RFC 8037). */
export type KeyPairConfig =
  | { alg: 'EdDSA'; crv?: 'Ed25519' }
  | { alg: 'ES256' | 'ES512'; crv?: never }
  | { alg: 'RS256' | 'PS256' /** Bits; default 2048. */; modulusLength?: number }

export interface JwtOptions {
  jwks?: {
    /** Where the keys are published instead: `jwksPath` is then not found, and tokens are verified with the keys there. */
    remoteUrl?: string
    /** Default Ed25519. After a change the next key is of the new kind, and the old ones go on to verify. */
    keyPairConfig?: KeyPairConfig
    /** Stores private keys as they are. Default false: they are sealed with the instance's secret. */
    disablePrivateKeyEncryption?: boolean
    /** Seconds for which a key signs; default for ever. */
    rotationInterval?: number
    /** Seconds for which a key that signs no more still verifies; default 30 days, and never less than a token's life. */
    gracePeriod?: number
    /** Default `/jwks`. */
    jwksPath?: string
  }
  jwt?: {
    /** Default: the address of this instance, without a path. */
    issuer?: string
    /** Default: the issuer's default. */
    audience?: string | string[]
    /** Default `15m`. */
    expirationTime?: ExpirationTime
    /** Claims of a session's token; default the user, as clients see it. Registered claims in them are left out. */
    definePayload?(session: SessionData): Promise<Record<string, unknown>> | Record<string, unknown>
    /** Default the user's id. */
    getSubject?(session: SessionData): Promise<string> | string
    /** Signs elsewhere, header included. Needs `jwks.remoteUrl`. */
    sign?(payload: JwtClaims): Promise<string> | string
  }
  /** Does not send `set-auth-jwt` with the session. Default false. */
  disableSettingJwtHeader?: boolean
  /** Keeps the keys elsewhere than in the database. */
  adapter?: JwksAdapter
  /** Names in the database. */
  schema?: SchemaNames<typeof JWT_MODELS>
  rotation?: {
    /**
     * Opens `POST /jwks/rotate` to those for whom it answers true. Default: to whom a plugin says that they administer the
     * instance, such as `admin`; without one only the application's own code rotates.
     */
    authorize?(session: SessionData): Promise<boolean> | boolean
    /** Seconds for which a key is published before it signs; default an hour, at most half of `rotationInterval`. */
    publishAhead?: number
  }
}

/** The options with defaults and what follows from them; times in seconds. */
export interface JwtSettings {
  options: JwtOptions
  keyPair: KeyPairConfig
  jwksPath: `/${string}`
  expirationTime: ExpirationTime
  interval: number | undefined
  publishAhead: number
  grace: number
  /** The moment until which all keys verify, where tokens end at a fixed one. */
  fixedEnd: number
  /** How long others may keep the published keys. */
  cacheFor: number
  /** How long this process keeps them; another one's next key is known here long before it signs. */
  readEvery: number
}

const DAY = 86_400
const ALGORITHMS = ['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256']

/** @throws on options that make no sense */
export function resolveJwtOptions(options: JwtOptions): JwtSettings {
  const { jwks = {}, jwt = {}, rotation = {} } = options
  const { keyPairConfig: keyPair = { alg: 'EdDSA', crv: 'Ed25519' }, jwksPath = '/jwks', rotationInterval } = jwks
  if (jwt.sign && !jwks.remoteUrl) throw new Error('jwt: `jwt.sign` needs `jwks.remoteUrl`')
  if (jwks.remoteUrl && !jwks.keyPairConfig) throw new Error('jwt: `jwks.remoteUrl` needs `jwks.keyPairConfig.alg`')
  if (!/^\/[\w\-.~/]+$/.test(jwksPath) || jwksPath.includes('..')) throw new Error('jwt: `jwks.jwksPath` is no path')
  if (!ALGORITHMS.includes(keyPair.alg)) throw new Error(`jwt: the algorithm "${keyPair.alg}" is not supported`)
  if ('modulusLength' in keyPair && (keyPair.modulusLength ?? 2048) < 2048) {
    throw new Error('jwt: `modulusLength` is under 2048 bits')
  }
  const interval = rotationInterval || undefined
  if (interval !== undefined && !(interval >= 1)) throw new Error('jwt: `jwks.rotationInterval` is under a second')
  const publishAhead = Math.min(rotation.publishAhead ?? 3600, (interval ?? Number.POSITIVE_INFINITY) / 2)
  const { expirationTime = '15m' } = jwt
  const life = typeof expirationTime === 'string' ? spanSeconds(expirationTime) : 0
  return {
    options,
    keyPair,
    jwksPath: jwksPath as `/${string}`,
    expirationTime,
    interval,
    publishAhead,
    grace: Math.max(jwks.gracePeriod ?? 30 * DAY, life),
    fixedEnd: expirationTime instanceof Date ? expirationTime.getTime() / 1000 : Number(expirationTime) || 0,
    cacheFor: Math.floor(Math.min(300, publishAhead / 2)),
    readEvery: Math.min(60, publishAhead / 4),
  }
}
