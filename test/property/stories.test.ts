import fc from 'fast-check'
import { expect, it } from 'vitest'
import { procedureAt } from '../support/every-way.ts'
import { ann } from '../support/test-auth.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { createComparedAuth, seed, seeded } from './seed.ts'
import { BASE, openWays, type Way } from './ways.ts'

/** How many stories are told. A failure prints the seed and the path to the shortest story that fails. */
const numRuns = Math.ceil(Number(process.env.FAST_CHECK_RUNS ?? 100) / 2)
const fixedSeed = Number(process.env.FAST_CHECK_SEED ?? 20_260_102)

const newPassword = 'another long password'
const bo = { name: 'Bo', email: 'bo@example.com', password: ann.password, country: 'BE' }

/** Stands for the session token of the newest answer that had one, or the newest mailed one. */
const [SESSION_TOKEN, MAILED_TOKEN] = ['<session token>', '<mailed token>']

const STEPS: [path: string, input?: Record<string, unknown>][] = [
  ['signUp.email', bo],
  ['signUp.email', { ...bo, rememberMe: false }],
  ['signIn.email', { email: ann.email, password: ann.password }],
  ['signIn.email', { email: ann.email, password: newPassword, rememberMe: false }],
  ['signIn.email', { email: bo.email, password: bo.password, callbackURL: '/home' }],
  ['signIn.secondStep', { userId: seeded.careful, code: '123456' }],
  ['session.get'],
  ['session.list'],
  ['session.update', { theme: 'dark', tags: ['a'] }],
  ['session.revoke', { token: SESSION_TOKEN }],
  ['session.revokeAll'],
  ['session.revokeOthers'],
  ['user.update', { name: 'Annie', nickname: 'An', born: '1990-01-02T00:00:00.000Z' }],
  ['password.verify', { password: ann.password }],
  ['password.change', { currentPassword: ann.password, newPassword }],
  ['password.change', { currentPassword: ann.password, newPassword, revokeOtherSessions: true }],
  ['password.requestReset', { email: ann.email, redirectTo: '/reset' }],
  ['password.resetCallback', { token: MAILED_TOKEN, callbackURL: '/reset' }],
  ['password.reset', { token: MAILED_TOKEN, newPassword }],
  ['signOut'],
]

/** A visitor of one way, who keeps cookies and tokens from one call to the next. */
function createVisitor(way: Way) {
  const jar = new Map<string, string>()
  let sessionToken = 'none'
  const keep = (header: string) => {
    const [pair = '', ...attributes] = header.split('; ')
    const name = pair.slice(0, pair.indexOf('='))
    if (attributes.includes('Max-Age=0')) jar.delete(name)
    else jar.set(name, pair)
  }
  return async ([path, input]: (typeof STEPS)[number]): Promise<Outcome> => {
    const { auth, inbox } = way.instance
    const procedure = procedureAt(auth.router, path)
    const tokens = { [SESSION_TOKEN]: sessionToken, [MAILED_TOKEN]: inbox.mails.at(-1)?.token ?? 'none' }
    const fill = (value: unknown) => tokens[value as string] ?? value
    const filled = input && Object.fromEntries(Object.entries(input).map(([key, value]) => [key, fill(value)]))
    const cookie = [...jar.values()].join('; ')
    const headers = {
      origin: BASE,
      'user-agent': 'story',
      'x-client-address': '203.0.113.7',
      ...(cookie && { cookie }),
    }
    const observed: Way = {
      ...way,
      call: async (...request) => {
        const answer = await way.call(...request)
        answer.cookies.forEach(keep)
        sessionToken = (answer.data as { token?: string } | null)?.token ?? sessionToken
        return answer
      },
    }
    const query = procedure.type === 'query' ? (filled as Record<string, string> | undefined) : undefined
    // A GET without parameters is an empty input, where the procedure takes any.
    const json = filled ? JSON.stringify(filled) : procedure.type === 'query' && procedure.input ? '{}' : undefined
    return outcomeOf(observed, procedure, { headers, input: json, query })
  }
}

it('a story goes the same, whichever way it is told', async () => {
  const ways = await openWays()
  const step = fc.record({ what: fc.nat(STEPS.length - 1), daysLater: fc.constantFrom(0, 0, 0, 0, 2, 6) })
  const property = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async story => {
    const told: Outcome[][] = []
    for (const way of ways) {
      await seed(way.instance)
      const visit = createVisitor(way)
      const outcomes: Outcome[] = []
      let days = 0
      for (const { what, daysLater } of story) {
        days += daysLater
        way.instance.clock.advance(daysLater * 86_400)
        outcomes.push(await visit(STEPS[what] ?? ['system.ok']))
      }
      way.instance.clock.advance(-days * 86_400)
      told.push(outcomes)
    }
    const [rest = [], ...others] = told
    for (const { status, log } of rest) expect([status < 500, log]).toEqual([true, []])
    for (const [index, other] of others.entries()) expect(other, ways[index + 1]?.name).toEqual(rest)
  })
  await fc.assert(property, { numRuns, seed: fixedSeed })
}, 120_000)

it('every step of a story is one that there is', () => {
  const { auth } = createComparedAuth(BASE)
  for (const [path] of STEPS) expect(procedureAt(auth.router, path).path).toBe(path)
})
