import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Orm } from '../../src/adapters/mikro-orm/driver.ts'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { init, type KerniaOptions } from '../../src/index.ts'
import { compareDatabase } from '../../src/migrations/compare.ts'
import { temporaryDirectory } from '../adapters/conformance.ts'
import { withMariaDb, withPostgres } from '../support/every-database.ts'
import { skipWithoutMariaDb } from '../support/mariadb.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { ann, cheapArgon2, secret } from '../support/test-auth.ts'
import { CORE, createEvolvingApp, fill } from './evolving.ts'

type GenerateId = NonNullable<NonNullable<KerniaOptions['advanced']>['database']>['generateId']

const baseURL = 'http://localhost:3000'
const uuid = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/
const serial: { advanced: KerniaOptions['advanced'] } = { advanced: { database: { generateId: 'serial' } } }

/** An instance with this kind of ids, called over HTTP. */
function openAuth(url: string, generateId: GenerateId) {
  const auth = init({
    baseURL,
    secret,
    database: mikroOrmAdapter({ url, pool: 1 }),
    advanced: { database: { generateId } },
    emailAndPassword: { enabled: true, password: { argon2: cheapArgon2 } },
    logger: { error: () => undefined },
  })
  onTestFinished(() => auth.close())
  const call = async (path: string, { body, cookie = '' }: { body?: object; cookie?: string } = {}) => {
    const headers = { origin: baseURL, cookie, 'content-type': 'application/json' }
    const method = body ? 'POST' : 'GET'
    const request = new Request(`${baseURL}/api/auth${path}`, { method, headers, body: body && JSON.stringify(body) })
    const response = await auth.handler(request)
    const cookies = response.headers.getSetCookie().map(line => line.split(';')[0])
    return { status: response.status, body: await response.json(), cookie: cookies.join('; ') }
  }
  const { adapter, schema } = auth.context
  const drift = async () => (await compareDatabase((await adapter.orm?.()) as Orm, { schema, engine: adapter.id })).up
  const users = () => adapter.findMany({ model: 'user', where: [], sortBy: { field: 'createdAt', direction: 'asc' } })
  return { auth, call, drift, users }
}

function tests(createUrl: () => Promise<string>): void {
  it('keeps rows and sessions through every kind of text; only new rows have new ids', async () => {
    const url = await createUrl()
    const first = openAuth(url, undefined)
    await first.auth.createSchema()
    const { body, cookie } = await first.call('/sign-up/email', { body: ann })
    let count = 0
    const kinds: [GenerateId, RegExp][] = [
      ['uuid', uuid],
      [({ model }) => `${model}-${++count}`, /^user-\d+$/],
      [undefined, /^\w{32}$/],
    ]
    for (const [index, [generateId, pattern]] of kinds.entries()) {
      const { call, drift, users } = openAuth(url, generateId)
      expect(await drift()).toEqual([])
      const before = await users()
      expect((await call('/get-session', { cookie })).body.user.id).toBe(body.user.id)
      expect((await call('/sign-in/email', { body: ann })).body.user.id).toBe(body.user.id)
      const other = await call('/sign-up/email', { body: { ...ann, email: `${index}@example.com` } })
      expect(other.body.user.id).toMatch(pattern)
      expect((await call('/get-session', { cookie: other.cookie })).body.user.id).toBe(other.body.user.id)
      expect((await users()).slice(0, -1)).toEqual(before)
    }
  })

  it('refuses to count ids that are text, before it writes or reads anything', async () => {
    const url = await createUrl()
    const first = openAuth(url, undefined)
    await first.auth.createSchema()
    const { cookie } = await first.call('/sign-up/email', { body: ann })
    const before = await first.users()

    const { auth, call, drift } = openAuth(url, 'serial')
    const refusal = /the ids of "user" are text in the database.*take 'serial' out again/
    await expect(auth.createSchema()).rejects.toThrow(refusal)
    await expect(auth.context.adapter.count({ model: 'user' })).rejects.toThrow(refusal)
    await expect(drift()).rejects.toThrow(refusal)
    expect((await call('/get-session', { cookie })).status).toBeGreaterThanOrEqual(500)
    expect(
      (await call('/sign-up/email', { body: { ...ann, email: 'ben@example.com' } })).status,
    ).toBeGreaterThanOrEqual(500)

    expect(await first.users()).toEqual(before)
    expect((await first.call('/get-session', { cookie })).body.user.email).toBe(ann.email)
  })

  it('refuses to make text of ids that the database counts', async () => {
    const url = await createUrl()
    const first = openAuth(url, 'serial')
    await first.auth.createSchema()
    const { body, cookie } = await first.call('/sign-up/email', { body: ann })
    expect(body.user.id).toBe('1')
    const { auth, drift } = openAuth(url, 'uuid')
    const refusal = /the ids of "user" are numbers in the database.*'serial'` again/
    await expect(auth.createSchema()).rejects.toThrow(refusal)
    await expect(drift()).rejects.toThrow(refusal)
    expect((await first.call('/get-session', { cookie })).body.user.id).toBe('1')
    expect((await first.call('/sign-up/email', { body: { ...ann, email: 'b@example.com' } })).body.user.id).toBe('2')
  })

  it('generates no migration from one to the other, by the database or by the snapshot', async () => {
    const app = await createEvolvingApp(await createUrl())
    const first = app.as()
    await first.generate()
    const second = app.as(serial)
    await expect(second.generate()).rejects.toThrow('are text in the database')
    await first.migrate()
    await fill(first)
    const before = await first.rows(...CORE)
    await expect(second.generate()).rejects.toThrow('are text in the database')
    expect(await first.rows(...CORE)).toEqual(before)
    expect(await first.drift()).toEqual([])
  })
}

describe('another kind of ids (SQLite file)', () => {
  tests(async () => `sqlite:${join(await temporaryDirectory(), 'test.db')}`)
})

describe.skipIf(skipWithoutPostgres())('another kind of ids (PostgreSQL)', () => tests(withPostgres()))

describe.skipIf(skipWithoutMariaDb())('another kind of ids (MariaDB)', () => tests(withMariaDb()))
