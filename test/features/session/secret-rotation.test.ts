import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../../src/index.ts'
import { ann, createClock, createTestAuth, secret } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'

const DAY = 86_400
const newer = { version: 2, value: 'the-newer-secret-the-newer-secret-0123456789' }
const older = { version: 1, value: secret }
const tokenName = 'better-auth.session_token'

/** Deployments of one application, one after the other, on one database. */
function deployments(session: object = {}) {
  const clock = createClock()
  const first = createTestAuth({ secret, clock: clock.now, database: memoryAdapter(), session })
  const { adapter } = first.auth.context
  const next = (secrets: { version: number; value: string }[]) =>
    createTestAuth({ secret: undefined, secrets, clock: clock.now, session, database: { connect: () => adapter } })
  return { clock, first, next }
}

function at(auth: Parameters<typeof visit>[0], { cookies }: Visitor): Visitor {
  const visitor = visit(auth)
  for (const [name, value] of cookies) visitor.cookies.set(name, value)
  return visitor
}

const isSignedIn = async (visitor: Visitor) => {
  const { status, text } = await visitor.get('/get-session')
  expect(status).toBe(200)
  return text !== 'null'
}

describe.each([
  ['without a cache', {}],
  ['with compact caches', { cookieCache: { enabled: true } }],
  ['with jwt caches', { cookieCache: { enabled: true, strategy: 'jwt' } }],
  ['with jwe caches', { cookieCache: { enabled: true, strategy: 'jwe' } }],
] as const)('a new secret beside the old one, %s [control 39]', (_title, session) => {
  it('signs nobody out; the cookie has the new signature once the session is extended', async () => {
    const { clock, first, next } = deployments(session)
    const browser = visit(first.auth)
    await browser.post('/sign-up/email', ann)
    const both = next([newer, older])
    const rotated = at(both.auth, browser)
    expect(await isSignedIn(rotated)).toBe(true)
    expect(rotated.cookies.get(tokenName)).toBe(browser.cookies.get(tokenName))
    clock.advance(DAY)
    expect(await isSignedIn(rotated)).toBe(true)
    expect(rotated.cookies.get(tokenName)).not.toBe(browser.cookies.get(tokenName))
    // The old secret is removed: who came by since stays, who did not signs in again.
    const last = next([newer])
    expect(await isSignedIn(at(last.auth, rotated))).toBe(true)
    expect(await isSignedIn(at(last.auth, browser))).toBe(false)
    expect([...both.log, ...last.log]).toEqual([])
  })

  it('signs with the new one from then on, what is not remembered included', async () => {
    const { first, next } = deployments(session)
    await visit(first.auth).post('/sign-up/email', ann)
    const browser = visit(next([newer, older]).auth)
    await browser.post('/sign-in/email', { ...ann, rememberMe: false })
    const last = next([newer])
    const later = at(last.auth, browser)
    expect(await isSignedIn(later)).toBe(true)
    await later.post('/update-user', { name: 'Anna' })
    expect((await later.get('/get-session')).body.user?.name).toBe('Anna')
  })
})

describe('a secret that is lost [control 39]', () => {
  it.each(['compact', 'jwt', 'jwe'] as const)('is the end of its sessions, never an error (%s)', async strategy => {
    const { first, next } = deployments({ cookieCache: { enabled: true, strategy } })
    const browser = visit(first.auth)
    await browser.post('/sign-up/email', ann)
    const without = next([newer])
    const answers = await Promise.all([
      at(without.auth, browser).get('/get-session'),
      at(without.auth, browser).get('/list-sessions'),
      at(without.auth, browser).post('/update-user', { name: 'Eve' }),
      at(without.auth, browser).post('/revoke-sessions'),
      at(without.auth, browser).post('/sign-out'),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401, 401, 200])
    expect(answers[0]?.text).toBe('null')
    expect(without.log).toEqual([])
    // And signing in works again, whatever is left of before.
    const again = at(without.auth, browser)
    await again.post('/sign-in/email', ann)
    expect(await isSignedIn(again)).toBe(true)
  })
})
