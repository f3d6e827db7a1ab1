import { describe, expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { type Adapter, init, UniqueViolation } from '../../src/index.ts'
import { closeAfterEach, withMongo } from '../support/every-database.ts'
import { ann, cheapArgon2, secret } from '../support/test-auth.ts'
import { insertItems, schema, sessionRow, userRow } from './conformance.ts'

const u1 = [{ field: 'id', value: 'u1' }]

/** A promise, and what resolves it. */
function gate() {
  let open = () => {}
  const passed = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, passed }
}

describe('transactions of MongoDB', () => {
  const createDatabase = withMongo()
  const closing = closeAfterEach()
  const open = async (): Promise<Adapter> => {
    const adapter = closing(mikroOrmAdapter({ url: createDatabase() })).connect(schema)
    await adapter.createSchema()
    return adapter
  }

  it('are run again when another one was in the way, and what the first attempt wrote is undone', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 0 }])
    const [read, written] = [gate(), gate()]
    let attempts = 0
    const slow = adapter.transaction(async () => {
      attempts++
      await adapter.create({ model: 'user', data: userRow('u1') })
      read.open()
      await written.passed
      return adapter.incrementOne({ model: 'item', where: [], field: 'rank' })
    })
    await read.passed
    await adapter.transaction(() => adapter.incrementOne({ model: 'item', where: [], field: 'rank', by: 10 }))
    written.open()
    expect(await slow).toMatchObject({ rank: 11 })
    expect(attempts).toBe(2)
    expect(await adapter.count({ model: 'user' })).toBe(1)
  })

  it('let one of two insert a unique value; the other finds it taken', async () => {
    const adapter = await open()
    const insert = (id: string) =>
      adapter.transaction(async () => {
        await adapter.count({ model: 'user' })
        return adapter.create({ model: 'user', data: { ...userRow(id), email: 'same@example.com' } })
      })
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(insert))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    const reasons = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []))
    for (const reason of reasons) expect(reason).toBeInstanceOf(UniqueViolation)
  })

  it('make writes outside wait until they are over', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 0 }])
    const [written, checked] = [gate(), gate()]
    const transaction = adapter.transaction(async () => {
      await adapter.updateMany({ model: 'item', where: [], update: { rank: 5 } })
      written.open()
      await checked.passed
    })
    await written.passed
    const outside = adapter.incrementOne({ model: 'item', where: [], field: 'rank' })
    expect(await adapter.findOne({ model: 'item', where: [] })).toMatchObject({ rank: 0 })
    checked.open()
    await transaction
    expect(await outside).toMatchObject({ rank: 6 })
  })

  it('are over for calls that nobody awaited', async () => {
    const adapter = await open()
    const late: Promise<unknown>[] = []
    const work = adapter.transaction(async () => {
      for (const id of ['a', 'b', 'c']) late.push(adapter.create({ model: 'user', data: userRow(id) }))
      for (const call of late) call.catch(() => undefined)
      throw new Error('failed meanwhile')
    })
    await expect(work).rejects.toThrow('failed meanwhile')
    const outcomes = await Promise.allSettled(late)
    expect(outcomes.at(-1)).toMatchObject({ reason: { message: expect.stringContaining('transaction is over') } })
    expect(await adapter.count({ model: 'user' })).toBe(0)
  })

  it('go on to fail after one of their calls did', async () => {
    const adapter = await open()
    await adapter.create({ model: 'user', data: userRow('u1') })
    const work = adapter.transaction(async () => {
      await adapter.create({ model: 'user', data: userRow('u2') })
      await adapter.create({ model: 'user', data: userRow('u1') })
    })
    await expect(work).rejects.toBeInstanceOf(UniqueViolation)
    expect(await adapter.count({ model: 'user' })).toBe(1)
  })

  it('take a deleted row and what refers to it together', async () => {
    const adapter = await open()
    await adapter.create({ model: 'user', data: userRow('u1') })
    await adapter.create({ model: 'session', data: sessionRow('s1', 'u1') })
    const [removed, released] = [gate(), gate()]
    const other = adapter.transaction(async () => {
      await adapter.update({ model: 'session', where: [], update: { userAgent: 'x' } })
      removed.open()
      await released.passed
    })
    await removed.passed
    const deleted = adapter.delete({ model: 'user', where: u1 })
    await new Promise(resolve => setTimeout(resolve, 50))
    // The session cannot be deleted yet, so neither is the user.
    expect(await adapter.count({ model: 'user' })).toBe(1)
    released.open()
    await Promise.all([other, deleted])
    expect([await adapter.count({ model: 'user' }), await adapter.count({ model: 'session' })]).toEqual([0, 0])
  })
})

describe('a MongoDB server by itself, which has no transactions', () => {
  const createDatabase = withMongo({ isStandalone: true })
  const closing = closeAfterEach()
  const open = async (): Promise<Adapter> => {
    const adapter = closing(mikroOrmAdapter({ url: createDatabase() })).connect(schema)
    await adapter.createSchema()
    return adapter
  }

  it('runs the work, write by write', async () => {
    const adapter = await open()
    const work = adapter.transaction(async () => {
      await adapter.transaction(() => adapter.create({ model: 'user', data: userRow('u1') }))
      throw new Error('half way')
    })
    await expect(work).rejects.toThrow('half way')
    expect(await adapter.count({ model: 'user' })).toBe(1)
  })

  it('still deletes what refers to a deleted row', async () => {
    const adapter = await open()
    for (const id of ['u1', 'u2', 'u3']) {
      await adapter.create({ model: 'user', data: userRow(id) })
      await adapter.create({ model: 'session', data: sessionRow(`s ${id}`, id) })
    }
    await insertItems(adapter, [{ ownerId: 'u1' }, { ownerId: 'u2' }])
    await adapter.delete({ model: 'user', where: u1 })
    expect(await adapter.consumeOne({ model: 'user', where: [{ field: 'id', value: 'u2' }] })).toEqual(userRow('u2'))
    expect(await adapter.findMany({ model: 'session', where: [] })).toEqual([sessionRow('s u3', 'u3')])
    expect(await adapter.count({ model: 'item', where: [{ field: 'ownerId', value: null }] })).toBe(2)
    expect(await adapter.deleteMany({ model: 'user', where: [] })).toBe(1)
    expect(await adapter.count({ model: 'session' })).toBe(0)
  })

  it('lets exactly one of 50 concurrent calls consume a row, and exactly 7 pass a bound of 7', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 0 }, { note: 'single use' }])
    const times = <T>(call: () => Promise<T>) => Promise.all(Array.from({ length: 50 }, call))
    const where = [{ field: 'note', value: 'single use' }]
    const won = await times(() => adapter.consumeOne({ model: 'item', where }))
    expect(won.filter(Boolean)).toHaveLength(1)
    const counter = { model: 'item', where: [], field: 'rank', max: 7 }
    const counted = await times(() => adapter.incrementOne(counter))
    expect(counted.filter(Boolean)).toHaveLength(7)
  })

  it('changes no row when an update of many breaks a unique column', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ code: 'a' }, { code: 'b' }])
    const update = { code: 'c', rank: 1 }
    await expect(adapter.updateMany({ model: 'item', where: [], update })).rejects.toBeInstanceOf(UniqueViolation)
    expect(await adapter.count({ model: 'item', where: [{ field: 'rank', value: null }] })).toBe(2)
    const one = [{ field: 'code', value: 'a' }]
    expect(await adapter.updateMany({ model: 'item', where: one, update })).toBe(1)
    expect(await adapter.updateMany({ model: 'item', where: one, update })).toBe(0)
  })

  it('signs up, in and out', async () => {
    const auth = init({
      baseURL: 'http://localhost:3000',
      secret,
      database: closing(mikroOrmAdapter({ url: createDatabase() })),
      emailAndPassword: { enabled: true, password: { argon2: cheapArgon2 } },
    })
    await auth.createSchema()
    await auth.caller().signUp.email(ann)
    const { user } = await auth.caller().signIn.email(ann)
    expect(user.email).toBe(ann.email)
    expect(await auth.context.adapter.count({ model: 'session' })).toBe(2)
  })
})
