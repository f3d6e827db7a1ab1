import type { AnyPlugin, Auth, Fields, InitOptions, Row } from '../../src/index.ts'
import { type DatabaseName, describeEveryDatabase } from '../support/every-database.ts'
import { createTestAuth, type TestAuth } from '../support/test-auth.ts'
import { type Visitor, visit } from '../support/visitor.ts'

type AnyOptions = InitOptions<readonly AnyPlugin[], Fields, Fields>

/** An instance on an empty database. */
export interface TestInstance extends TestAuth<readonly AnyPlugin[], Fields, Fields> {
  auth: Auth<readonly AnyPlugin[], Fields, Fields>
  /** A new browser. */
  visit(): Visitor
  /** All rows of a model. */
  rows(model: string): Promise<Row[]>
}

export type StartInstance = (options?: AnyOptions) => Promise<TestInstance>

/** Defines the same tests once for each database. */
export function describeEveryInstance(title: string, define: (start: StartInstance, name: DatabaseName) => void): void {
  describeEveryDatabase(title, (open, name) => {
    const start: StartInstance = async (options = {}) => {
      const database = options.database ?? (await open())
      const test = createTestAuth<readonly AnyPlugin[], Fields, Fields>({ ...options, database })
      await test.auth.createSchema()
      const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [], limit: 1000 })
      return { ...test, visit: () => visit(test.auth), rows }
    }
    define(start, name)
  })
}
