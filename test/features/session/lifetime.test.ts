import { expect, it } from 'vitest'
import { z } from 'zod'
import { definePlugin } from '../../../src/index.ts'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const DAY = 86_400
const cookieName = 'better-auth.session_token'

describeEveryInstance('the life of a session', start => {
  const startSignedIn = async (options: Parameters<typeof start>[0] = {}, signUp: object = {}) => {
    const instance = await start(options)
    const visitor = instance.visit()
    await visitor.post('/sign-up/email', { ...ann, ...signUp })
    const expiresIn = async () => {
      const [row] = await instance.rows('session')
      return row ? ((row.expiresAt as Date).getTime() - instance.clock.now().getTime()) / 1000 : undefined
    }
    const isAlive = async (query = '') => (await visitor.get(`/get-session${query}`)).text !== 'null'
    return { ...instance, visitor, expiresIn, isAlive }
  }

  it('ends when it expires; then the row and the cookie are gone', async () => {
    const { clock, visitor, isAlive, rows } = await startSignedIn({ session: { expiresIn: 100, updateAge: 1000 } })
    clock.advance(99.999)
    expect(await isAlive('?disableRefresh=true')).toBe(true)
    clock.advance(0.001)
    const { text, setCookies } = await visitor.get('/get-session')
    expect(text).toBe('null')
    expect(setCookies[cookieName]).toBe(`${cookieName}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`)
    expect(await rows('session')).toEqual([])
  })

  it('ends for good when its absolute time is over, however much it is used [control 32]', async () => {
    const { clock, isAlive, expiresIn, rows } = await startSignedIn({ session: { absoluteExpiresIn: 10 * DAY } })
    clock.advance(6 * DAY)
    expect(await isAlive()).toBe(true)
    expect(await expiresIn()).toBe(4 * DAY)
    clock.advance(3 * DAY)
    expect(await isAlive()).toBe(true)
    // There is nothing more to extend, and so nothing to write.
    expect((await rows('session'))[0]?.updatedAt).toEqual(new Date(clock.now().getTime() - 3 * DAY * 1000))
    clock.advance(DAY)
    expect(await isAlive()).toBe(false)
    expect(await rows('session')).toEqual([])
  })

  it('ends whatever the cookie says, for every procedure that needs it', async () => {
    const { clock, visitor } = await startSignedIn()
    const cookie = visitor.cookieHeader()
    clock.advance(7 * DAY)
    const { status, body } = await visitor.post('/update-user', { name: 'New' }, { headers: { cookie } })
    expect([status, body.code]).toEqual([401, 'UNAUTHORIZED'])
  })

  it('is extended once it has aged by updateAge, and exactly once in that time', async () => {
    const { clock, visitor, expiresIn, rows } = await startSignedIn()
    clock.advance(DAY - 0.001)
    expect((await visitor.get('/get-session')).setCookies).toEqual({})
    expect(await expiresIn()).toBeCloseTo(6 * DAY, 0)
    clock.advance(0.001)
    const extended = await visitor.get('/get-session')
    expect(extended.setCookies[cookieName]).toContain('Max-Age=604800')
    expect(extended.body.session?.expiresAt).toBe(new Date(clock.now().getTime() + 7 * DAY * 1000).toISOString())
    expect(await expiresIn()).toBe(7 * DAY)
    expect((await rows('session'))[0]?.updatedAt).toEqual(clock.now())
    clock.advance(DAY - 1)
    expect((await visitor.get('/get-session')).setCookies).toEqual({})
    expect(await expiresIn()).toBe(6 * DAY + 1)
    clock.advance(1)
    expect((await visitor.get('/get-session')).setCookies).toHaveProperty([cookieName])
    expect(await expiresIn()).toBe(7 * DAY)
  })

  it('goes on for as long as it is used', async () => {
    const { clock, isAlive } = await startSignedIn()
    for (let week = 0; week < 5; week++) {
      clock.advance(6 * DAY)
      expect(await isAlive()).toBe(true)
    }
    clock.advance(7 * DAY)
    expect(await isAlive()).toBe(false)
  })

  it('is extended by any procedure that needs it', async () => {
    const { clock, visitor, expiresIn } = await startSignedIn()
    clock.advance(2 * DAY)
    expect((await visitor.get('/list-sessions')).setCookies).toHaveProperty([cookieName])
    expect(await expiresIn()).toBe(7 * DAY)
  })

  it('is not extended when that is off, in a request or at all', async () => {
    const once = await startSignedIn()
    once.clock.advance(2 * DAY)
    expect((await once.visitor.get('/get-session?disableRefresh=true')).setCookies).toEqual({})
    expect((await once.visitor.get('/list-sessions?disableRefresh=true')).setCookies).toEqual({})
    expect(await once.expiresIn()).toBe(5 * DAY)
    const never = await startSignedIn({ session: { disableSessionRefresh: true } })
    never.clock.advance(2 * DAY)
    expect((await never.visitor.get('/get-session')).setCookies).toEqual({})
    expect(await never.expiresIn()).toBe(5 * DAY)
    never.clock.advance(5 * DAY)
    expect(await never.isAlive()).toBe(false)
  })

  it('is a day without remember-me, and is never extended', async () => {
    const { clock, visitor, isAlive, expiresIn } = await startSignedIn(
      { session: { updateAge: 0 } },
      { rememberMe: false },
    )
    expect(await expiresIn()).toBe(DAY)
    clock.advance(DAY - 1)
    const { setCookies, text } = await visitor.get('/get-session')
    expect([setCookies, text === 'null']).toEqual([{}, false])
    expect(await expiresIn()).toBe(1)
    clock.advance(1)
    expect(await isAlive()).toBe(false)
    expect(visitor.cookies.has('better-auth.dont_remember')).toBe(false)
  })

  it('can be extended by a request of its own, so that reading never writes', async () => {
    const { clock, visitor, expiresIn } = await startSignedIn({ session: { deferSessionRefresh: true } })
    expect((await visitor.get('/get-session')).body.needsRefresh).toBe(false)
    expect((await visitor.post('/get-session')).setCookies).toEqual({})
    clock.advance(2 * DAY)
    const read = await visitor.get('/get-session')
    expect([read.body.needsRefresh, read.setCookies, await expiresIn()]).toEqual([true, {}, 5 * DAY])
    await visitor.get('/list-sessions')
    expect(await expiresIn()).toBe(5 * DAY)
    const { status, setCookies } = await visitor.post('/get-session')
    expect([status, await expiresIn()]).toEqual([200, 7 * DAY])
    expect(setCookies[cookieName]).toContain('Max-Age=604800')
    expect((await visitor.get('/get-session')).body.needsRefresh).toBe(false)
  })

  it('has no request of its own where reading extends it', async () => {
    const { visitor } = await startSignedIn()
    const { status, body } = await visitor.post('/get-session')
    expect([status, body.code]).toEqual([405, 'METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED'])
  })

  it('has no needsRefresh where reading extends it', async () => {
    const { visitor } = await startSignedIn()
    expect((await visitor.get('/get-session')).body).not.toHaveProperty('needsRefresh')
  })
})

const vault = definePlugin({
  id: 'vault',
  procedures: ({ procedure }) => ({
    vault: procedure
      .fresh({ operationId: 'openVault', summary: 'Needs a fresh session', rest: 'GET /vault' })
      .output(z.object({ open: z.boolean() }))
      .query(() => ({ open: true })),
  }),
})

describeEveryInstance('a procedure for fresh sessions', start => {
  const startSignedIn = async (freshAge?: number) => {
    const instance = await start({ plugins: [vault], session: { freshAge } })
    const visitor = instance.visit()
    await visitor.post('/sign-up/email', ann)
    const open = async () => {
      const { status, body } = await visitor.get('/vault')
      return body.open ?? [status, body.code]
    }
    return { ...instance, visitor, open }
  }

  it('is open for freshAge after the sign-in, however often the session is extended', async () => {
    const { clock, visitor, open } = await startSignedIn()
    clock.advance(DAY - 1)
    expect(await open()).toBe(true)
    clock.advance(1)
    expect(await open()).toEqual([403, 'SESSION_NOT_FRESH'])
    clock.advance(DAY)
    await visitor.get('/get-session')
    expect(await open()).toEqual([403, 'SESSION_NOT_FRESH'])
    await visitor.post('/sign-in/email', ann)
    expect(await open()).toBe(true)
  })

  it('is open for as long as it was set to; 0 means always', async () => {
    const short = await startSignedIn(60)
    short.clock.advance(60)
    expect(await short.open()).toEqual([403, 'SESSION_NOT_FRESH'])
    const always = await startSignedIn(0)
    always.clock.advance(6 * DAY)
    expect(await always.open()).toBe(true)
  })

  it('is closed without a session', async () => {
    const { visit } = await startSignedIn()
    const { status, body } = await visit().get('/vault')
    expect([status, body.code]).toEqual([401, 'UNAUTHORIZED'])
  })
})
