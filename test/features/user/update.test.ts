import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const additionalFields = {
  nick: { type: 'string', input: true, required: false },
  level: { type: 'number', input: true, required: false },
  role: { type: 'string', defaultValue: 'user' },
  badge: { type: 'string', required: false },
} as const

describeEveryInstance('update-user', start => {
  const startSignedIn = async () => {
    const instance = await start({ user: { additionalFields } })
    const visitor = instance.visit()
    await visitor.post('/sign-up/email', ann)
    return { ...instance, visitor }
  }

  it('changes name, image and fields of the application, of this user only', async () => {
    const { visitor, visit, rows, clock } = await startSignedIn()
    await visit().post('/sign-up/email', { ...ann, email: 'ben@example.com' })
    clock.advance(10)
    const changes = { name: 'Zoë', image: 'https://example.com/z.png', nick: 'z', level: 3 }
    const { status, body } = await visitor.post('/update-user', changes)
    expect([status, body]).toEqual([200, { status: true }])
    const users = await rows('user')
    expect(users.find(({ email }) => email === ann.email)).toMatchObject({ ...changes, updatedAt: clock.now() })
    expect(users.find(({ email }) => email !== ann.email)).toMatchObject({ name: 'Ann', nick: null })
    expect((await visitor.get('/get-session')).body.user).toMatchObject(changes)
    await visitor.post('/update-user', { image: null, nick: null })
    expect((await visitor.get('/get-session')).body.user).toMatchObject({ image: null, nick: null, name: 'Zoë' })
  })

  it('does not change the address', async () => {
    const { visitor, rows } = await startSignedIn()
    const { status, body } = await visitor.post('/update-user', { email: 'new@example.com', name: 'New' })
    expect([status, body.code]).toEqual([400, 'EMAIL_CAN_NOT_BE_UPDATED'])
    expect(await rows('user')).toMatchObject([{ email: ann.email, name: 'Ann' }])
  })

  it('needs something to change', async () => {
    const { visitor } = await startSignedIn()
    for (const input of [{}, { unknown: 1 }, { emailVerified: true }, { email: '' }]) {
      const { status, body } = await visitor.post('/update-user', input)
      expect([status, body.code]).toEqual([400, 'NO_FIELDS_TO_UPDATE'])
    }
  })

  it('refuses fields that clients may not set', async () => {
    const { visitor, rows } = await startSignedIn()
    for (const input of [{ role: 'admin' }, { badge: 'gold', name: 'New' }]) {
      const { status, body } = await visitor.post('/update-user', input)
      expect([status, body.code]).toEqual([400, 'FIELD_NOT_ALLOWED'])
    }
    expect(await rows('user')).toMatchObject([{ role: 'user', badge: null, name: 'Ann' }])
  })

  it.each([
    ['a list', []],
    ['a text', '"text"'],
    ['null', 'null'],
    ['a name that is no text', { name: 1 }],
    ['a name of more than 1024 characters', { name: 'x'.repeat(1025) }],
    ['an image of more than 64 KiB', { image: 'x'.repeat(65_537) }],
    ['a number that is none', { level: '3' }],
    ['a number no column takes', { level: 1e300 }],
    ['a fraction where numbers are whole', { level: 1.5 }],
  ])('refuses %s', async (_title, input) => {
    const { visitor, rows } = await startSignedIn()
    const { status, body } = await visitor.post('/update-user', input)
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR'])
    expect(await rows('user')).toMatchObject([{ name: 'Ann', image: null, level: null }])
  })

  it('is for who is signed in', async () => {
    const { visit, rows } = await startSignedIn()
    const { status, body } = await visit().post('/update-user', { name: 'Eve' })
    expect([status, body.code]).toEqual([401, 'UNAUTHORIZED'])
    expect(await rows('user')).toMatchObject([{ name: 'Ann' }])
  })
})
