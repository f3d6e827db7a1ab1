import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type Database, memoryAdapter } from '../../src/index.ts'
import { schema, userRow } from '../adapters/conformance.ts'
import { watchedDatabase } from './watched-database.ts'

/** A database that takes its time to write. */
function slowDatabase(): Database {
  const database = memoryAdapter()
  return {
    connect: schema => {
      const adapter = database.connect(schema)
      const create: typeof adapter.create = async query => {
        await pause(20)
        return adapter.create(query)
      }
      return { ...adapter, create }
    },
  }
}

it('what is being written while somebody asks is told again once it is written', async () => {
  const database = watchedDatabase(slowDatabase())
  const adapter = database.connect(schema)
  expect(database.touched()).toBe('all')
  const writing = adapter.create({ model: 'user', data: userRow('u1') })
  expect(database.touched()).toEqual(new Set(['user']))
  await writing
  expect(database.touched()).toEqual(new Set(['user']))
  expect(database.touched()).toEqual(new Set())
})

it('also what fails, of which some may have been written', async () => {
  const database = watchedDatabase(slowDatabase())
  const adapter = database.connect(schema)
  await adapter.create({ model: 'user', data: userRow('u1') })
  const again = adapter.create({ model: 'user', data: userRow('u1') })
  database.touched()
  await expect(again).rejects.toThrow()
  expect(database.touched()).toEqual(new Set(['user']))
})
