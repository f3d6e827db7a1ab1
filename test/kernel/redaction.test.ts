import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyring } from '../../src/crypto/keyring.ts'
import { hashPassword } from '../../src/crypto/password.ts'
import { randomString } from '../../src/crypto/random.ts'
import { REDACTED, redact, redactText } from '../../src/redaction.ts'

const secret = 'a-secret-for-tests-a-secret-for-tests-0123456789'
const keys = createKeyring([{ value: secret }])
const token = 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z'

describe('a text that is logged loses', () => {
  it.each([
    ['e-mail addresses', 'no user ann.lee+x@mail.example.com here', 'no user [email] here'],
    [
      'passwords in addresses',
      'connect postgres://kernia:s3cr3t@db:5432/auth',
      `connect postgres://${REDACTED}@db:5432/auth`,
    ],
    ['bearer tokens', 'Authorization: Bearer abc.def-ghi', `Authorization: Bearer ${REDACTED}`],
    ['tokens in queries', 'GET /verify-email?token=abc123&x=1', `GET /verify-email?token=${REDACTED}&x=1`],
    ['JSON Web Tokens', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AbC-_1 instead', `got ${REDACTED} instead`],
    ['random texts, but for their beginning', `token ${token} is gone`, `token Ab3d…${REDACTED} is gone`],
    ['scrypt hashes', `hash ${'0a'.repeat(16)}:${'1b'.repeat(64)}`, `hash ${REDACTED}`],
  ])('%s', (_, given, expected) => {
    expect(redactText(given)).toBe(expected)
  })

  it('what this instance makes: hashes, signed and sealed values', async () => {
    const made = [
      await hashPassword('correct horse'),
      `${token}.${keys.sign(token)}`,
      keys.seal('test', 'text'),
      await keys.issueToken('test', { email: 'a' }, { now: new Date(), expiresIn: 60 }),
    ]
    for (const value of made) expect(redactText(`before ${value} after`)).toMatch(/^before \S+ after$/)
    for (const value of made) expect(redactText(`before ${value} after`)).not.toContain(value.slice(5, 25))
  })

  it('every token we make, wherever it stands', () => {
    fc.assert(
      fc.property(fc.constant(0), fc.constantFrom('"', ' ', '=', '/', "'", ','), (_, around) => {
        const made = randomString(32)
        // One in some thousands has no digit; then it is no text that could be told from a word.
        if (!/\d/.test(made) || !/[a-z]/.test(made) || !/[A-Z]/.test(made)) return
        expect(redactText(`x${around}${made}${around}y`)).not.toContain(made)
      }),
    )
  })

  it('and keeps what is none of that', () => {
    const plain = 'signUpEmail failed: near "selct": syntax error at /srv/app/node_modules/kysely/dist/driver.js:12:5'
    expect(redactText(plain)).toBe(plain)
  })
})

describe('a value that is logged', () => {
  it('has its secret keys emptied, at any depth, and the rest redacted', () => {
    const value = {
      email: 'ann@example.com',
      nested: [{ password: 'x', newPassword: 'y', accessToken: 'z', set: 1, cookie: 'a=b', passwordCount: 2 }],
      headers: new Headers({ cookie: 'a=b', 'user-agent': 'test' }),
      at: new Date(0),
      nothing: null,
    }
    expect(redact(value)).toEqual({
      email: '[email]',
      nested: [
        {
          password: REDACTED,
          newPassword: REDACTED,
          accessToken: REDACTED,
          set: 1,
          cookie: REDACTED,
          passwordCount: 2,
        },
      ],
      headers: { cookie: REDACTED, 'user-agent': 'test' },
      at: new Date(0),
      nothing: null,
    })
  })

  it('that is an error becomes its stack, with its causes', () => {
    const cause = new Error("insert into user values ('ann@example.com')")
    const text = redact(new Error('sign-up failed', { cause }))
    expect(text).toMatch(/^Error: sign-up failed\n\s+at /)
    expect(text).toContain("caused by: Error: insert into user values ('[email]')")
  })

  it('may refer to itself', () => {
    const circular: Record<string, unknown> = { name: 'a' }
    circular.self = circular
    expect(JSON.stringify(redact(circular))).toContain('[…]')
  })
})
