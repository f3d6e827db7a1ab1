import { expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/index.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { type Visitor, visit } from '../support/visitor.ts'
import { describeEveryStorage } from './every-storage.ts'

const DAY = 86_400

describeEveryStorage('sessions in secondary storage and in the database', (open, name) => {
  const start = async (session: object, options: object = {}) => {
    const { storage } = open()
    const database = mikroOrmAdapter({ url: 'sqlite::memory:' })
    const test = createTestAuth({ database, secondaryStorage: storage, session, ...options })
    await test.auth.createSchema()
    const rows = () => test.auth.context.adapter.findMany({ model: 'session', where: [] })
    const browser = visit(test.auth)
    const { body } = await browser.post('/sign-up/email', ann)
    return { ...test, storage, rows, browser, token: String(body.token), userId: String(body.user?.id) }
  }
  const isSignedIn = async (browser: Visitor) => (await browser.get('/get-session')).text !== 'null'
  const both = { storeSessionInDatabase: true }
  const preserved = { storeSessionInDatabase: true, preserveSessionInDatabase: true }
  const cookieCache = { enabled: true }

  it('are in both places, with one id', async () => {
    const { rows, storage, token } = await start(both)
    const kept = JSON.parse(String(await storage.get(token)))
    expect((await rows()).map(({ id }) => id)).toEqual([kept.session.id])
  })

  it('end in both places', async () => {
    const { auth, browser, rows, storage, token, userId } = await start(both)
    await visit(auth).post('/sign-in/email', ann)
    await browser.post('/revoke-other-sessions')
    expect((await rows()).map(row => row.token)).toEqual([token])
    await browser.post('/sign-out')
    expect([await rows(), await storage.get(token)]).toEqual([[], null])
    expect(await storage.members(`active-sessions-${userId}`)).toEqual([])
  })

  it('are found in the database when the storage has lost them, and ended there as well', async () => {
    const { auth, browser, storage, token, userId } = await start(both)
    const other = visit(auth)
    await other.post('/sign-in/email', ann)
    // What a storage that is short of memory may drop: a session, or the set that names them.
    await storage.delete(token)
    expect(await isSignedIn(browser)).toBe(true)
    await storage.delete(`active-sessions-${userId}`)
    await browser.post('/revoke-other-sessions')
    expect([await isSignedIn(browser), await isSignedIn(other)]).toEqual([true, false])
  })

  it('are extended in both places', async () => {
    const { browser, clock, rows, storage, token } = await start(both)
    clock.advance(DAY)
    await browser.get('/get-session')
    const kept = JSON.parse(String(await storage.get(token)))
    expect((await rows()).map(({ expiresAt }) => expiresAt)).toEqual([new Date(kept.session.expiresAt)])
  })

  it('stay as a record when that is asked for, and are over all the same', async () => {
    const { auth, browser, rows } = await start(preserved)
    const other = visit(auth)
    await other.post('/sign-in/email', ann)
    await browser.post('/revoke-other-sessions')
    expect(await isSignedIn(other)).toBe(false)
    await browser.post('/sign-out')
    expect(await isSignedIn(browser)).toBe(false)
    expect(await rows()).toHaveLength(2)
  })

  it('of the record are not listed, and do not come back when the storage loses one', async () => {
    const { auth, browser, storage, token } = await start(preserved)
    const other = visit(auth)
    const { body } = await other.post('/sign-in/email', ann)
    const listed = async () => JSON.parse((await browser.get('/list-sessions')).text) as { token: string }[]
    expect(await listed()).toHaveLength(2)
    await browser.post('/revoke-session', { token: body.token })
    expect((await listed()).map(session => session.token)).toEqual([token])
    await storage.delete(token)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('that a user change concerns all show it', async () => {
    for (const session of [both, preserved]) {
      const { auth, browser } = await start(session)
      const other = visit(auth)
      await other.post('/sign-in/email', ann)
      await browser.post('/update-user', { name: 'Anna' })
      expect((await other.get('/get-session')).body.user?.name).toBe('Anna')
    }
  })

  it.each([{}, both, preserved])('are cached like any other: %j', async session => {
    const { auth, browser, storage, token, clock, rows } = await start({ ...session, cookieCache })
    await storage.delete(token)
    expect(await isSignedIn(browser)).toBe(true)
    const isFoundAgain = Object.keys(session).length === 1
    expect((await browser.get('/get-session?disableCookieCache=1')).text !== 'null').toBe(isFoundAgain)
    const other = visit(auth)
    await other.post('/sign-in/email', ann)
    clock.advance(1)
    await other.post('/revoke-sessions')
    expect(await isSignedIn(other)).toBe(false)
    expect(await isSignedIn(browser)).toBe(false)
    expect((await rows()).length > 0).toBe('preserveSessionInDatabase' in session)
  })

  it('are not to be had by the name of something else in the storage', async () => {
    const { browser, storage, userId, log } = await start({})
    await storage.set('verification:x', '{"value":"1"}', 60)
    const others = { number: '5', text: 'no JSON', list: '[]', nothing: 'null', half: '{"session":{}}' }
    for (const [key, value] of Object.entries(others)) await storage.set(key, value, 60)
    const names = [`active-sessions-${userId}`, 'verification:x', '', ' ', '*', '__proto__', ...Object.keys(others)]
    for (const token of names) {
      const { status, body } = await browser.post('/revoke-session', { token })
      expect([status, body], token).toEqual([200, { status: true }])
    }
    expect(await isSignedIn(browser)).toBe(true)
    expect([log, name.length > 0]).toEqual([[], true])
  })
})
