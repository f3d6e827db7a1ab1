import { afterAll, beforeAll, describe } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { type AnyPlugin, type Database, memoryAdapter } from '../../src/index.ts'
import { withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { openWorld, type World } from './world.ts'

/** Gives the world of this `describe`, once its tests run. */
export type GiveWorld = () => World

/** Defines the same tests once for each database: in one world, which each test leaves as it was. */
export function describeEveryWorld(
  title: string,
  define: (world: GiveWorld) => void,
  plugins: readonly AnyPlugin[] = [],
): void {
  const defineOn = (open: () => Promise<Database> | Database) => {
    let world: World | undefined
    beforeAll(async () => {
      world = await openWorld(await open(), plugins)
    }, 60_000)
    afterAll(() => world?.auth.close())
    define(() => {
      if (!world) throw new Error('the world is made before the tests, not while they are defined')
      return world
    })
  }
  describe(`${title} (memory)`, () => defineOn(memoryAdapter))
  describe(`${title} (SQLite)`, () => defineOn(() => mikroOrmAdapter({ url: 'sqlite::memory:' })))
  describe.skipIf(skipWithoutPostgres())(`${title} (PostgreSQL)`, () => {
    const createDatabase = withPostgres()
    defineOn(async () => mikroOrmAdapter({ url: await createDatabase(), pool: 4 }))
  })
}
