import { expect, it } from 'vitest'
import { describeEveryDatabase } from '../support/every-database.ts'
import { schema, sessionRow, userRow } from './conformance.ts'

const isUser = [{ field: 'id', value: 'u1' }]

describeEveryDatabase('lock', open => {
  const start = async () => {
    const adapter = (await open()).connect(schema)
    await adapter.createSchema()
    await adapter.create({ model: 'user', data: userRow('u1') })
    return adapter
  }

  it('lets transactions count before they write: a limit holds', async () => {
    const adapter = await start()
    const attempt = (index: number) =>
      adapter.transaction(async () => {
        await adapter.lock({ model: 'user', where: isUser })
        if ((await adapter.count({ model: 'session' })) >= 3) return false
        await adapter.create({ model: 'session', data: sessionRow(`s${index}`, 'u1') })
        return true
      })
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => attempt(index)))
    expect(results.filter(Boolean)).toHaveLength(3)
    expect(await adapter.count({ model: 'session' })).toBe(3)
  })

  it('changes nothing, holds nothing that is not there, and ends with its transaction', async () => {
    const adapter = await start()
    await adapter.transaction(async () => {
      await adapter.lock({ model: 'user', where: isUser })
      await adapter.lock({ model: 'user', where: [{ field: 'id', value: 'nobody' }] })
    })
    await adapter.update({ model: 'user', where: isUser, update: { name: 'Changed' } })
    expect(await adapter.findOne({ model: 'user', where: isUser })).toEqual({ ...userRow('u1'), name: 'Changed' })
  })
})
