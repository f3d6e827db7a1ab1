import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const ben = { ...ann, name: 'Ben', email: 'ben@example.com' }

describeEveryInstance('listing and ending sessions [control 38, in part]', start => {
  const startSignedIn = async () => {
    const instance = await start()
    const [first, second, other] = [instance.visit(), instance.visit(), instance.visit()]
    const tokens = {
      first: (await first.post('/sign-up/email', ann)).body.token,
      second: (await second.post('/sign-in/email', ann)).body.token,
      other: (await other.post('/sign-up/email', ben)).body.token,
    }
    const alive = async () => {
      const all = { first, second, other }
      const texts = await Promise.all(Object.values(all).map(visitor => visitor.get('/get-session')))
      return Object.keys(all).filter((_, index) => texts[index]?.text !== 'null')
    }
    return { ...instance, first, second, other, tokens, alive }
  }

  it("lists the user's own sessions that have not expired", async () => {
    const { first, tokens, clock, auth } = await startSignedIn()
    const listed = async () =>
      (JSON.parse((await first.get('/list-sessions')).text) as { token: string }[]).map(({ token }) => token)
    expect((await listed()).sort()).toEqual([tokens.first, tokens.second].sort())
    const where = [{ field: 'token', value: String(tokens.second) }]
    await auth.context.adapter.update({ model: 'session', where, update: { expiresAt: clock.now() } })
    expect(await listed()).toEqual([tokens.first])
  })

  it('lists more than a hundred', async () => {
    const { first, auth, rows, clock, tokens } = await startSignedIn()
    const session = (await rows('session')).find(({ token }) => token === tokens.first)
    for (let i = 0; i < 120; i++) {
      const data = { ...session, id: `s${i}`, token: `t${i}`, expiresAt: new Date(clock.now().getTime() + 3_600_000) }
      await auth.context.adapter.create({ model: 'session', data })
    }
    expect(JSON.parse((await first.get('/list-sessions')).text)).toHaveLength(122)
  })

  it('signs out: the row and the cookie are gone, the others stay', async () => {
    const { first, alive, rows, tokens } = await startSignedIn()
    const cookie = first.cookieHeader()
    const { status, body, setCookies } = await first.post('/sign-out')
    expect([status, body]).toEqual([200, { success: true }])
    for (const key of ['session_token', 'session_data', 'dont_remember']) {
      expect(setCookies[`better-auth.${key}`]).toBe(`better-auth.${key}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`)
    }
    expect((await rows('session')).map(({ token }) => token)).not.toContain(tokens.first)
    expect(await alive()).toEqual(['second', 'other'])
    expect((await first.get('/get-session', { headers: { cookie } })).text).toBe('null')
  })

  it('signs out without a session too', async () => {
    const { visit, alive } = await startSignedIn()
    const { status, body } = await visit().post('/sign-out')
    expect([status, body]).toEqual([200, { success: true }])
    expect(await alive()).toEqual(['first', 'second', 'other'])
  })

  it('ends one by its token, this one included', async () => {
    const { first, second, alive, tokens } = await startSignedIn()
    expect((await first.post('/revoke-session', { token: tokens.second })).body).toEqual({ status: true })
    expect(await alive()).toEqual(['first', 'other'])
    expect((await first.post('/revoke-session', { token: tokens.first })).body).toEqual({ status: true })
    expect(await alive()).toEqual(['other'])
    const again = await second.post('/revoke-session', { token: tokens.first })
    expect([again.status, again.body.code]).toEqual([401, 'UNAUTHORIZED'])
  })

  it('ends nothing by a token that is unknown or of another user, and answers alike', async () => {
    const { first, alive, tokens } = await startSignedIn()
    const known = await first.post('/revoke-session', { token: tokens.other })
    for (const token of ['', 'unknown', `${tokens.other}x`]) {
      const { status, text } = await first.post('/revoke-session', { token })
      expect([status, text]).toEqual([known.status, known.text])
    }
    expect([known.status, known.body]).toEqual([200, { status: true }])
    expect(await alive()).toEqual(['first', 'second', 'other'])
  })

  it('ends all others', async () => {
    const { second, alive } = await startSignedIn()
    expect((await second.post('/revoke-other-sessions')).body).toEqual({ status: true })
    expect(await alive()).toEqual(['second', 'other'])
  })

  it('ends all', async () => {
    const { second, alive, rows } = await startSignedIn()
    expect((await second.post('/revoke-sessions')).body).toEqual({ status: true })
    expect(await alive()).toEqual(['other'])
    expect(await rows('session')).toHaveLength(1)
  })

  it('is for who is signed in', async () => {
    const { visit, alive, tokens } = await startSignedIn()
    const visitor = visit()
    const answers = [
      await visitor.get('/list-sessions'),
      await visitor.post('/revoke-session', { token: tokens.first }),
      await visitor.post('/revoke-sessions'),
      await visitor.post('/revoke-other-sessions'),
      await visitor.post('/update-session', { theme: 'dark' }),
    ]
    for (const { status, body } of answers) expect([status, body.code]).toEqual([401, 'UNAUTHORIZED'])
    expect(await alive()).toEqual(['first', 'second', 'other'])
  })

  it('ends with the user', async () => {
    const { auth, alive, rows } = await startSignedIn()
    await auth.context.adapter.delete({ model: 'user', where: [{ field: 'email', value: ann.email }] })
    expect(await alive()).toEqual(['other'])
    expect(await rows('session')).toHaveLength(1)
    expect(await rows('account')).toHaveLength(1)
  })
})
