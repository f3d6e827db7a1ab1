import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const additionalFields = {
  nick: { type: 'string', input: true, required: false },
  born: { type: 'date', input: true, required: false },
  data: { type: 'json', input: true, required: false },
  tags: { type: 'string[]', input: true, required: false },
  size: { type: 'number', input: true, required: false, bigint: true },
  plan: { type: ['free', 'pro'], input: true, required: false },
} as const

/** Values that some database refuses, or reads as something else. */
const hostile: [title: string, input: object][] = [
  ['NUL in a text', { nick: 'a\0b' }],
  ['NUL in a name', { name: '\0' }],
  ['half a surrogate pair', { nick: 'a\ud83d' }],
  ['NUL within JSON', { data: { list: ['a\0'] } }],
  ['NUL in a key of JSON', { data: { 'a\0': 1 } }],
  ['half a surrogate pair within JSON', { data: { a: '\udc00' } }],
  ['NUL in a list', { tags: ['a', '\0'] }],
  ['a date before our era', { born: '-000001-01-01T00:00:00.000Z' }],
  ['a date before the year 1000', { born: '0999-12-31T23:59:59.999Z' }],
  ['a date after the year 9999', { born: '+010000-01-01T00:00:00.000Z' }],
  ['no date', { born: 'yesterday' }],
  ['an operator instead of a text', { nick: { $ne: null } }],
  ['an operator instead of a name', { name: { $gt: '' } }],
  ['a raw fragment instead of a text', { nick: { sql: 'now()', params: [] } }],
  ['a list instead of a text', { nick: ['a'] }],
  ['a text instead of JSON', { data: 'text' }],
  ['a number instead of a list', { tags: 1 }],
  ['a choice that is none', { plan: 'gold' }],
  ['a number that is not finite', { size: '1e999' }],
]

const harmless: object[] = [
  { nick: "'; DROP TABLE user; --" },
  { nick: '$1 ? :name @p1 %s {0}' },
  { nick: '\\x00 \\u0000 %00' },
  { nick: '{"$ne":null}' },
  { nick: 'NULL' },
  { data: { $ne: null, 'a.b': 1, '': 2, sql: 'now()' } },
  { born: '1000-01-01T00:00:00.000Z' },
  { born: '9999-12-31T23:59:59.999Z' },
  { size: Number.MAX_SAFE_INTEGER },
  { size: 1.5 },
  { plan: 'pro' },
]

describeEveryInstance('input that a database could trip over', start => {
  const startSignedIn = async () => {
    const instance = await start({ user: { additionalFields } })
    const visitor = instance.visit()
    await visitor.post('/sign-up/email', ann)
    return { ...instance, visitor }
  }

  it('is refused before it gets there', async () => {
    const { visitor, visit, rows, log } = await startSignedIn()
    const before = await rows('user')
    for (const [title, input] of hostile) {
      const asText = (value: object) => JSON.stringify(value).replace('"1e999"', '1e999')
      const updated = await visitor.post('/update-user', asText(input))
      expect.soft([title, updated.status, updated.body.code]).toEqual([title, 400, 'VALIDATION_ERROR'])
      const created = await visit().post('/sign-up/email', asText({ ...ann, email: 'new@example.com', ...input }))
      expect.soft([title, created.status, created.body.code]).toEqual([title, 400, 'VALIDATION_ERROR'])
    }
    expect(await rows('user')).toEqual(before)
    expect(log).toEqual([])
  })

  it('is stored as it is when it only looks dangerous', async () => {
    const { visitor, log } = await startSignedIn()
    for (const input of harmless) {
      const { status } = await visitor.post('/update-user', input)
      expect.soft([input, status]).toEqual([input, 200])
      expect.soft((await visitor.get('/get-session')).body.user).toMatchObject(input)
    }
    expect(log).toEqual([])
  })

  it('is refused in every text of every procedure', async () => {
    const { visitor, log } = await startSignedIn()
    for (const text of ['a\0', '\ud800']) {
      const answers = [
        await visitor.post('/sign-in/email', { email: `${text}@example.com`, password: 'x' }),
        await visitor.post('/sign-in/email', { email: ann.email, password: text }),
        await visitor.post('/request-password-reset', { email: ann.email, redirectTo: `/${text}` }),
        await visitor.post('/reset-password', { newPassword: 'a new password', token: text }),
        await visitor.post('/revoke-session', { token: text }),
        await visitor.post('/verify-password', { password: text }),
      ]
      for (const { status, body } of answers) expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR'])
    }
    expect((await visitor.get('/reset-password/a%00b?callbackURL=/x')).status).toBe(400)
    expect(log).toEqual([])
  })
})
