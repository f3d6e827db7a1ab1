import { scryptSync } from 'node:crypto'
import { hashPassword as hashAsBetterAuth } from 'better-auth/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPasswordHasher } from '../../src/crypto/password.ts'
import { hashPassword, needsRehash, verifyPassword } from '../../src/index.ts'
import { cheapArgon2 } from '../support/test-auth.ts'

const password = 'correct horse battery staple'
const cheap = createPasswordHasher(cheapArgon2)

/** `scrypt$N$r$p$salt$key`, salt and key in base64. */
function scryptHash(text: string, { N = 1024, r = 8, p = 1, keyLength = 64 } = {}): string {
  const salt = Buffer.from('0123456789abcdef')
  const key = scryptSync(text.normalize('NFKC'), salt, keyLength, { N, r, p, maxmem: 256 * N * r })
  return ['scrypt', N, r, p, salt.toString('base64'), key.toString('base64')].join('$')
}

describe('the hash of a new password', () => {
  it('is Argon2id as a PHC string, m=65536, t=3, p=4, with a salt of its own', async () => {
    const [one, two] = [await hashPassword(password), await hashPassword(password)]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=4\$[\w+/]{22,}\$[\w+/]{43}$/)
    expect(two).not.toBe(one)
    expect(await verifyPassword(password, one)).toBe(true)
    expect(await verifyPassword(`${password}!`, one)).toBe(false)
    expect(needsRehash(one)).toBe(false)
  })

  it('has the cost that was chosen', async () => {
    const hash = await createPasswordHasher({ memoryCost: 2048, timeCost: 2, parallelism: 1 }).hash(password)
    expect(hash).toContain('$m=2048,t=2,p=1$')
    expect(await cheap.verify(password, hash)).toBe(true)
  })

  it('tells passwords apart by every character, however long they are', async () => {
    const long = 'x'.repeat(4096)
    const hash = await cheap.hash(long)
    expect(await cheap.verify(long, hash)).toBe(true)
    expect(await cheap.verify(`${long.slice(0, -1)}y`, hash)).toBe(false)
    expect(await cheap.verify(long.slice(0, -1), hash)).toBe(false)
    expect(await cheap.verify('', await cheap.hash(''))).toBe(true)
  })

  it('is the same for composed and decomposed spellings', async () => {
    const hash = await cheap.hash('Zoë ﬁnds Ångström'.normalize('NFC'))
    expect(await cheap.verify('Zoë ﬁnds Ångström'.normalize('NFD'), hash)).toBe(true)
    expect(await cheap.verify('Zoe finds Angstrom', hash)).toBe(false)
    const legacy = await hashAsBetterAuth('Zoë'.normalize('NFC'))
    expect(await cheap.verify('Zoë'.normalize('NFD'), legacy)).toBe(true)
  })

  it('verifies any text and nothing else (property)', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    const property = fc.asyncProperty(text, text, async (right, wrong) => {
      const hash = await cheap.hash(right)
      expect(await cheap.verify(right, hash)).toBe(true)
      fc.pre(right.normalize('NFKC') !== wrong.normalize('NFKC'))
      expect(await cheap.verify(wrong, hash)).toBe(false)
    })
    await fc.assert(property, { numRuns: 50 })
  })
})

describe('hashes of other origin', () => {
  it("verifies Better Auth's own hash", async () => {
    const hash = await hashAsBetterAuth(password)
    expect(hash).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
    expect(await verifyPassword(password, hash)).toBe(true)
    expect(await verifyPassword('another password', hash)).toBe(false)
    expect(needsRehash(hash)).toBeTypeOf('boolean')
  })

  it.each([{}, { N: 16_384, r: 8, p: 1 }, { N: 4096, r: 16, p: 2 }, { keyLength: 32 }])(
    'verifies scrypt$N$r$p$salt$key with %j',
    async parameters => {
      const hash = scryptHash(password, parameters)
      expect(await verifyPassword(password, hash)).toBe(true)
      expect(await verifyPassword('another password', hash)).toBe(false)
      expect(needsRehash(hash)).toBe(true)
    },
  )

  it('verifies the test vector of the Argon2 reference implementation', async () => {
    const hash = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
    expect(await verifyPassword('password', hash)).toBe(true)
    expect(await verifyPassword('Password', hash)).toBe(false)
    expect(needsRehash(hash)).toBe(true)
  })

  it('verifies Argon2 of another cost or variant, and asks for a new hash', async () => {
    const hash = await cheap.hash(password)
    expect(await verifyPassword(password, hash)).toBe(true)
    expect(needsRehash(hash)).toBe(true)
    expect(cheap.needsRehash(hash)).toBe(false)
  })
})

describe('a malformed hash', () => {
  const hex = 'ab'.repeat(64)
  const base64 = Buffer.alloc(64, 7).toString('base64')
  const malformed = [
    '',
    'plain text',
    password,
    ':',
    '$',
    'salt:',
    ':key',
    `salt:${hex}:more`,
    // These keys decode to nothing or next to nothing, which would match any password, or one in 256.
    'salt:a',
    'salt:ab',
    'salt:zz',
    'salt:abz',
    `salt:${hex.slice(2)}`,
    `salt:${hex}00`,
    `scrypt$1024$8$1$c2FsdA==$!!!!`,
    'scrypt$1024$8$1$c2FsdA==$=',
    'scrypt$1024$8$1$c2FsdA==$AA==',
    'scrypt$1024$8$1$c2FsdA==',
    `scrypt$1024$8$1$$${base64}`,
    `scrypt$1024$8$1$c2FsdA==$${base64}$more`,
    `scrypt$1000$8$1$c2FsdA==$${base64}`,
    `scrypt$0$8$1$c2FsdA==$${base64}`,
    `scrypt$-1024$8$1$c2FsdA==$${base64}`,
    `scrypt$1e9$8$1$c2FsdA==$${base64}`,
    `scrypt$1048576$32$16$c2FsdA==$${base64}`,
    `scrypt$NaN$8$1$c2FsdA==$${base64}`,
    `scrypt$1024$8$1.5$c2FsdA==$${base64}`,
    '$argon2id$',
    '$argon2id$v=19$m=65536,t=3,p=4$',
    '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$',
    '$argon2id$v=19$m=0,t=0,p=0$c2FsdHNhbHQ$aGFzaA',
    '$argon2x$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA',
    '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
    '\0',
  ]
  it.each(malformed)('%j matches no password, and throws nothing', async hash => {
    for (const attempt of [password, '', 'a', hash]) expect(await verifyPassword(attempt, hash)).toBe(false)
    expect(needsRehash(hash)).toBeTypeOf('boolean')
  })

  it('matches nothing, whatever it is (property)', async () => {
    const piece = fc.constantFrom('$', ':', 'scrypt', '$argon2id', '1024', '8', '1', 'ab', 'AA==', '')
    const hash = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join('')),
      fc.string({ maxLength: 60 }),
    )
    const property = fc.asyncProperty(hash, fc.string({ maxLength: 20 }), async (malformed, attempt) => {
      expect(await verifyPassword(attempt, malformed)).toBe(false)
      expect(needsRehash(malformed)).toBeTypeOf('boolean')
    })
    await fc.assert(property, { numRuns: 300 })
  })
})
