import { expect, it } from 'vitest'
import { emailOTP } from '../../../routers/email-otp/index.ts'
import { magicLink } from '../../../routers/magic-link/index.ts'
import { username } from '../../../routers/username/index.ts'
import { memoryAdapter, memoryStorage } from '../../../src/index.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { startLocalProvider, withLocal } from '../social/local-provider.ts'
import { redirection, signIn as signInAt } from '../social/signing-in.ts'
import { openOffice, password, told } from './office.ts'

describeEveryInstance('a ban', start => {
  it('ends all sessions and lets none begin, until it is lifted', async () => {
    const { join, signIn, id, rows } = await openOffice({}, { start })
    const [ada, ben] = [await join('ada', 'admin'), await join('ben')]
    const userId = await id('ben')
    const banned = await ada.post('/admin/ban-user', { userId, banReason: 'Rude' })
    expect(banned.body.user).toMatchObject({ id: userId, banned: true, banReason: 'Rude', banExpires: null })
    expect((await ben.get('/get-session')).text).toBe('null')
    expect(told(await signIn('ben'))).toBe('403 BANNED_USER')
    expect((await rows('session')).filter(session => session.userId === userId)).toEqual([])
    expect((await ada.post('/admin/unban-user', { userId })).body.user).toMatchObject({
      banned: false,
      banReason: null,
    })
    expect(told(await signIn('ben'))).toBe('200')
  })

  it('is over when its time is, and a new one is not lifted with it', async () => {
    const { join, signIn, id, clock, user } = await openOffice({ defaultBanExpiresIn: 60 }, { start })
    const ada = await join('ada', 'admin')
    await join('ben')
    const userId = await id('ben')
    await ada.post('/admin/ban-user', { userId })
    clock.advance(59)
    expect(told(await signIn('ben'))).toBe('403 BANNED_USER')
    clock.advance(2)
    expect(told(await signIn('ben'))).toBe('200')
    expect(await user('ben')).toMatchObject({ banned: false, banReason: null, banExpires: null })
    await ada.post('/admin/ban-user', { userId, banExpiresIn: 600 })
    clock.advance(61)
    expect(told(await signIn('ben'))).toBe('403 BANNED_USER')
  })

  it('leaves no session to sign-ins at the same moment', async () => {
    const { join, signIn, id, rows, log } = await openOffice({}, { start })
    const ada = await join('ada', 'admin')
    await join('ben')
    const userId = await id('ben')
    for (let round = 0; round < 3; round++) {
      const early = Array.from({ length: 6 }, () => signIn('ben'))
      const ban = ada.post('/admin/ban-user', { userId })
      const late = Array.from({ length: 6 }, () => signIn('ben'))
      const answers = await Promise.all([...early, ...late])
      expect((await ban).status).toBe(200)
      const refused = answers.map(told).filter(answer => !['200', '403 BANNED_USER'].includes(answer))
      expect([refused, log]).toEqual([[], []])
      expect((await rows('session')).filter(session => session.userId === userId)).toEqual([])
      await ada.post('/admin/unban-user', { userId })
    }
  })

  it('by an update does the same', async () => {
    const { join, signIn, id } = await openOffice({}, { start })
    const [ada, ben] = [await join('ada', 'admin'), await join('ben')]
    const data = { banned: true, banReason: 'Spam' }
    expect(told(await ada.post('/admin/update-user', { userId: await id('ben'), data }))).toBe('200')
    expect((await ben.get('/get-session')).text).toBe('null')
    expect(told(await signIn('ben'))).toBe('403 BANNED_USER')
    expect(told(await ada.post('/admin/update-user', { userId: await id('ada'), data }))).toBe(
      '400 YOU_CANNOT_BAN_YOURSELF',
    )
  })
})

it('a banned user comes in by no way to sign in', async () => {
  const sent: Record<string, string> = {}
  const { join, id, visit } = await openOffice(
    {},
    {
      more: [
        magicLink({ sendMagicLink: ({ url }) => void Object.assign(sent, { link: url }) }),
        emailOTP({ sendVerificationOTP: async ({ otp }) => void Object.assign(sent, { otp }) }),
        username(),
      ],
    },
  )
  const ada = await join('ada', 'admin')
  await join('ben')
  const userId = await id('ben')
  await ada.post('/admin/update-user', { userId, data: { username: 'benny', emailVerified: true } })
  await ada.post('/admin/ban-user', { userId })
  const browser = visit()
  const email = 'ben@example.com'
  await browser.post('/sign-in/magic-link', { email })
  await browser.post('/email-otp/send-verification-otp', { email, type: 'sign-in' })
  await expect.poll(() => Object.keys(sent).sort()).toEqual(['link', 'otp'])
  const link = new URL(sent.link ?? '')
  const answers = {
    otp: await browser.post('/sign-in/email-otp', { email, otp: sent.otp }),
    username: await browser.post('/sign-in/username', { username: 'benny', password }),
    password: await browser.post('/sign-in/email', { email, password }),
  }
  const followed = await browser.get(`/magic-link/verify?token=${link.searchParams.get('token')}`)
  expect(followed.headers.get('location')).toContain('error=BANNED_USER')
  for (const [way, answer] of Object.entries(answers)) expect([way, told(answer)]).toEqual([way, '403 BANNED_USER'])
  expect((await browser.get('/get-session')).text).toBe('null')
})

it('a session that outlived a ban does nothing, cached or not', async () => {
  const { join, id, auth } = await openOffice({}, { session: { cookieCache: { enabled: true } } })
  await join('ada', 'admin')
  const ben = await join('ben')
  const where = [{ field: 'id', value: await id('ben') }]
  await auth.context.adapter.update({ model: 'user', where, update: { banned: true } })
  expect(told(await ben.post('/update-user', { name: 'Other' }))).toBe('403 BANNED_USER')
  expect(told(await ben.get('/get-session?disableCookieCache=true'))).toBe('403 BANNED_USER')
})

it('a ban ends sessions in a secondary storage', async () => {
  const storage = memoryStorage()
  const { join, id, signIn } = await openOffice({}, { secondaryStorage: storage })
  const [ada, ben] = [await join('ada', 'admin'), await join('ben')]
  const userId = await id('ben')
  await Promise.all([signIn('ben'), signIn('ben'), ada.post('/admin/ban-user', { userId }), signIn('ben')])
  expect((await ben.get('/get-session')).text).toBe('null')
  expect((await ada.post('/admin/list-user-sessions', { userId })).body.sessions).toEqual([])
})

it('reading a session costs no query more', async () => {
  const database = countingDatabase(memoryAdapter())
  const { join } = await openOffice({}, { database })
  const ben = await join('ben')
  database.calls.length = 0
  expect((await ben.get('/get-session')).body.user).toMatchObject({ name: 'ben', role: 'user' })
  expect(database.calls).toEqual(['findOne session'])
})

it('a banned user who comes from a provider is sent to the error page', async () => {
  const local = await startLocalProvider()
  const { visit, auth, rows } = await openOffice({ bannedUserMessage: 'Write to us.' }, { more: [withLocal(local)] })
  const browser = visit()
  expect((await signInAt(browser, local)).status).toBe(302)
  const [user] = await rows('user')
  const where = [{ field: 'id', value: String(user?.id) }]
  await auth.context.adapter.update({ model: 'user', where, update: { banned: true } })
  const request = { input: { errorCallbackURL: 'http://localhost:3000/oops' } }
  expect(redirection(await signInAt(visit(), local, request))).toEqual([
    302,
    'http://localhost:3000/oops?error=banned&error_description=Write+to+us.',
  ])
  expect(await rows('session')).toHaveLength(1)
})
