import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const additionalFields = {
  theme: { type: 'string', input: true, required: false, maxLength: 20 },
  visits: { type: 'number', input: true, defaultValue: 1 },
  orgId: { type: 'string', required: false },
  note: { type: 'string', input: true, required: false, returned: false },
} as const

describeEveryInstance('update-session', start => {
  const startSignedIn = async () => {
    const instance = await start({ session: { additionalFields } })
    const visitor = instance.visit()
    await visitor.post('/sign-up/email', ann)
    return { ...instance, visitor }
  }

  it('changes the fields of the application that clients may set', async () => {
    const { visitor, rows, clock } = await startSignedIn()
    expect((await visitor.get('/get-session')).body.session).toMatchObject({ theme: null, visits: 1, orgId: null })
    clock.advance(10)
    const { status, body } = await visitor.post('/update-session', { theme: 'dark', visits: 2, note: 'hidden' })
    expect([status, body.session]).toEqual([200, expect.objectContaining({ theme: 'dark', visits: 2 })])
    expect(body.session).not.toHaveProperty('note')
    expect((await rows('session'))[0]).toMatchObject({ theme: 'dark', note: 'hidden', updatedAt: clock.now() })
    expect((await visitor.get('/get-session')).body.session).toMatchObject({ theme: 'dark', visits: 2 })
    expect((await visitor.post('/update-session', { theme: null })).body.session).toMatchObject({
      theme: null,
      visits: 2,
    })
  })

  it('changes nothing else', async () => {
    const { visitor, rows } = await startSignedIn()
    const before = await rows('session')
    const core = {
      token: 'chosen',
      userId: 'other',
      expiresAt: '2099-01-01T00:00:00Z',
      id: 'other',
      ipAddress: '1.2.3.4',
    }
    for (const input of [core, {}, { unknown: 1 }]) {
      const { status, body } = await visitor.post('/update-session', input)
      expect([status, body.code]).toEqual([400, 'NO_FIELDS_TO_UPDATE'])
    }
    const refused = await visitor.post('/update-session', { theme: 'dark', orgId: 'mine' })
    expect([refused.status, refused.body.code]).toEqual([400, 'FIELD_NOT_ALLOWED'])
    expect(await rows('session')).toEqual(before)
    await visitor.post('/update-session', { theme: 'dark', ...core })
    expect((await rows('session'))[0]).toMatchObject({ ...before[0], theme: 'dark', updatedAt: expect.anything() })
  })

  it.each([
    ['a number for a text', { theme: 1 }],
    ['a text for a number', { visits: '2' }],
    ['a text that is too long', { theme: 'x'.repeat(21) }],
    ['an object', { theme: { $ne: null } }],
    ['a list', ['theme']],
  ])('refuses %s', async (_title, input) => {
    const { visitor } = await startSignedIn()
    const { status, body } = await visitor.post('/update-session', input)
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR'])
  })
})
