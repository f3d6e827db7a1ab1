import { scrypt } from 'node:crypto'
import argon2 from 'argon2'
import { equalBytes } from './hmac.ts'
import { createLimiter } from './limiter.ts'

/** Argon2id cost (RFC 9106). The defaults are m=65536, t=3, p=4. */
export interface Argon2Options {
  /** Memory in KiB. */
  memoryCost?: number
  /** Number of passes. */
  timeCost?: number
  /** Lanes. */
  parallelism?: number
}

/** Turns passwords into hashes and checks them. An application may bring its own. */
export interface PasswordHasher {
  hash(password: string): Promise<string>
  verify(password: string, hash: string): Promise<boolean>
  /** True for a hash of another algorithm or of weaker parameters than today's. */
  needsRehash(hash: string): boolean
}

const DEFAULT_COST = { memoryCost: 65_536, timeCost: 3, parallelism: 4 } as const

/** Passwords that wait for their turn, so that the last of them waits some seconds. */
export const DEFAULT_QUEUE = 128

/** The default hasher's bounds. */
export interface HasherBounds {
  /** Hashes computed at once, each of which takes `memoryCost` KiB and a thread of the pool. Default 4. */
  concurrency?: number
  /** Hashes that wait beside them; one more is refused with `QueueFull`. Default: any number. */
  maxQueue?: number
}

/**
 * The default hasher: writes Argon2id as a PHC string, also reads two scrypt forms
 * (`salt:key` as Better Auth stores it, and `scrypt$N$r$p$salt$key`).
 */
export function createPasswordHasher(
  cost: Argon2Options = {},
  { concurrency = 4, maxQueue }: HasherBounds = {},
): PasswordHasher {
  const options = { ...DEFAULT_COST, ...cost, type: argon2.argon2id } as const
  const limit = createLimiter(concurrency, maxQueue)
  return {
    hash: async password => inPhcOrder(await limit(() => argon2.hash(normalize(password), options))),
    verify: (password, hash) => limit(() => verifyAnyForm(normalize(password), hash)),
    needsRehash: hash => !ARGON2ID.test(hash) || argon2.needsRehash(hash, options),
  }
}

/** Composed and decomposed spellings of one password are one password (RFC 8265 asks for it too). */
function normalize(password: string): string {
  return password.normalize('NFKC')
}

const ARGON2ID = /^\$argon2id\$v=\d+\$m=\d+,[tp]=\d+,[tp]=\d+\$/

/** The library writes `m,p,t`; the PHC string format has `m,t,p`, and other implementations read only that. */
function inPhcOrder(hash: string): string {
  return hash.replace(/(m=\d+),(p=\d+),(t=\d+)/, '$1,$3,$2')
}

async function verifyAnyForm(password: string, hash: string): Promise<boolean> {
  if (hash.startsWith('$argon2')) return argon2.verify(hash, password).catch(() => false)
  const stored = parseScrypt(hash)
  if (!stored) return false
  // Parameters that scrypt itself refuses are those of no password.
  const derived = await deriveScrypt(password, stored).catch(() => undefined)
  return derived !== undefined && equalBytes(derived, stored.key)
}

interface ScryptHash {
  cost: { N: number; r: number; p: number }
  salt: string | Buffer
  key: Buffer
}

/** A shorter key would match passwords by chance, and an empty one would match them all. */
const SHORTEST_KEY = 16

function parseScrypt(hash: string): ScryptHash | undefined {
  const [, n, r, p, salt = '', text = ''] = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([^$]+)\$([^$]+)$/.exec(hash) ?? []
  if (n) {
    const cost = { N: Number(n), r: Number(r), p: Number(p) }
    const key = Buffer.from(text, 'base64')
    if (key.length < SHORTEST_KEY || !isSaneCost(cost)) return undefined
    return { cost, salt: Buffer.from(salt, 'base64'), key }
  }
  const [, hexSalt, hexKey] = /^([^:]+):([0-9a-f]{128})$/i.exec(hash) ?? []
  if (!hexSalt || !hexKey) return undefined
  // Better Auth feeds the salt's hex text, not its bytes, to scrypt.
  return { cost: { N: 16_384, r: 16, p: 1 }, salt: hexSalt, key: Buffer.from(hexKey, 'hex') }
}

/** Four times what OWASP recommends at most, which is some seconds and 512 MiB. */
const LARGEST_COST = 2 ** 22

function isSaneCost({ N, r, p }: ScryptHash['cost']): boolean {
  return N > 1 && Number.isInteger(Math.log2(N)) && r > 0 && p > 0 && N * r * p <= LARGEST_COST
}

function deriveScrypt(password: string, { cost, salt, key }: ScryptHash): Promise<Buffer> {
  const maxmem = 128 * cost.N * cost.r * 2
  return new Promise((resolve, reject) => {
    scrypt(password, salt, key.length, { ...cost, maxmem }, (error, derived) =>
      error ? reject(error) : resolve(derived),
    )
  })
}

const standalone = createPasswordHasher()

/** Hashes with Argon2id at the default cost; returns a PHC string such as `$argon2id$v=19$m=65536,t=3,p=4$...`. */
export const hashPassword = (password: string): Promise<string> => standalone.hash(password)

/** Whether `password` matches `hash` in any form Kernia reads. Never throws on a malformed hash: that is `false`. */
export const verifyPassword = (password: string, hash: string): Promise<boolean> => standalone.verify(password, hash)

/** True when `hash` is not Argon2id at the default cost, and so should be replaced after a successful sign-in. */
export const needsRehash = (hash: string): boolean => standalone.needsRehash(hash)
