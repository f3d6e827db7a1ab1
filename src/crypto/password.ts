import { scrypt, timingSafeEqual } from 'node:crypto'
import argon2 from 'argon2'
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

/**
 * The default hasher: writes Argon2id as a PHC string, also reads two scrypt forms
 * (`salt:key` as Better Auth stores it, and `scrypt$N$r$p$salt$key`).
 * At most `concurrency` hashes run at once, since each takes `memoryCost` KiB and a thread of the pool.
 */
export function createPasswordHasher(cost: Argon2Options = {}, concurrency = 4): PasswordHasher {
  const options = { ...DEFAULT_COST, ...cost, type: argon2.argon2id } as const
  const limit = createLimiter(concurrency)
  return {
    hash: password => limit(() => argon2.hash(normalize(password), options)),
    verify: (password, hash) => limit(() => verifyAnyForm(normalize(password), hash)),
    needsRehash: hash => !hash.startsWith('$argon2id$') || argon2.needsRehash(hash, options),
  }
}

/** Composed and decomposed spellings of one password are one password (RFC 8265 asks for it too). */
function normalize(password: string): string {
  return password.normalize('NFKC')
}

async function verifyAnyForm(password: string, hash: string): Promise<boolean> {
  if (hash.startsWith('$argon2')) return argon2.verify(hash, password).catch(() => false)
  const stored = parseScrypt(hash)
  if (!stored) return false
  const derived = await deriveScrypt(password, stored)
  return derived.length === stored.key.length && timingSafeEqual(derived, stored.key)
}

interface ScryptHash {
  cost: { N: number; r: number; p: number }
  salt: string | Buffer
  key: Buffer
}

function parseScrypt(hash: string): ScryptHash | undefined {
  const [scheme, n, r, p, salt, key] = hash.split('$')
  if (scheme === 'scrypt' && n && r && p && salt && key) {
    const cost = { N: Number(n), r: Number(r), p: Number(p) }
    return isSaneCost(cost) ? { cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') } : undefined
  }
  const [hexSalt, hexKey] = hash.split(':')
  if (!hexSalt || !hexKey || !/^[0-9a-f]+$/i.test(hexKey)) return undefined
  // Better Auth feeds the salt's hex text, not its bytes, to scrypt.
  return { cost: { N: 16_384, r: 16, p: 1 }, salt: hexSalt, key: Buffer.from(hexKey, 'hex') }
}

function isSaneCost({ N, r, p }: ScryptHash['cost']): boolean {
  const isPowerOfTwo = Number.isInteger(N) && N > 1 && N <= 2 ** 20 && (N & (N - 1)) === 0
  return isPowerOfTwo && Number.isInteger(r) && r > 0 && r <= 32 && Number.isInteger(p) && p > 0 && p <= 16
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
