import { describe, expect, it } from 'vitest'
import { listProcedures, type ProcedureRecord } from '../../src/meta.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'
import { call } from './calls.ts'
import { everyPlugin } from './every-plugin.ts'

const password = 'correct horse battery'
const procedures = listProcedures(createTestAuth({ plugins: everyPlugin() }).auth.router as never)
const guarded = procedures.filter(({ meta }) => meta.access !== 'public')

/** Ann's session in a browser that caches it. */
async function start() {
  const test = createTestAuth({
    plugins: everyPlugin(),
    session: { cookieCache: { enabled: true, maxAge: 3600 }, freshAge: 600 },
  })
  const browser = visit(test.auth)
  await browser.post('/sign-up/email', { name: 'Ann', email: 'ann@example.com', password })
  await browser.get('/get-session')
  expect([...browser.cookies.keys()].some(name => name.endsWith('session_data'))).toBe(true)
  const tell = async (procedure: ProcedureRecord, headers: Record<string, string>) => {
    const { status, text } = await call(test.auth, procedure, { headers, input: {} })
    return `${status} ${(JSON.parse(text) as { code?: string } | null)?.code}`
  }
  return { ...test, tell, headers: { cookie: browser.cookieHeader() } }
}

describe('what a procedure asks of the session, for each procedure of every plugin', () => {
  it('that there is one [control 47]', async () => {
    const { tell } = await start()
    for (const procedure of guarded) {
      expect([procedure.path, await tell(procedure, {})]).toEqual([procedure.path, '401 UNAUTHORIZED'])
    }
  })

  it('that it is there, and not only in a cache, whatever it changes or gives away [A11, controls 21 and 33]', async () => {
    const { tell, headers, auth } = await start()
    await auth.context.adapter.deleteMany({ model: 'session', where: [] })
    const cached = guarded.filter(({ meta, type }) => meta.access === 'session' && type === 'query')
    const stored = guarded.filter(procedure => !cached.includes(procedure))
    for (const procedure of stored) {
      expect([procedure.path, await tell(procedure, headers)]).toEqual([procedure.path, '401 UNAUTHORIZED'])
    }
    expect(cached.length).toBeGreaterThan(3)
  })

  it('that its user has signed in lately, where it says so, cached or not [control 21]', async () => {
    const { tell, headers, clock } = await start()
    clock.advance(601)
    const fresh = guarded.filter(({ meta }) => meta.access === 'fresh')
    expect(fresh.length).toBeGreaterThan(2)
    for (const procedure of fresh) {
      expect([procedure.path, await tell(procedure, headers)]).toEqual([procedure.path, '403 SESSION_NOT_FRESH'])
    }
  })
})
