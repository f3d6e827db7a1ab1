import type { Transaction } from '@mikro-orm/core'
import type { Schema } from '../../entities/index.ts'
import type { Orm } from './orm.ts'
import { existingTables, type Tables } from './tables.ts'

/** Ids are text in the database and counted by it according to the options, or the other way round. */
export class IdKindChanged extends Error {
  override readonly name = 'IdKindChanged'
  readonly code = 'ID_KIND_CHANGED'
  /** @param wanted what the options ask for */
  constructor(table: string, wanted: 'text' | 'serial') {
    const [found, other, remedy] =
      wanted === 'serial'
        ? ['text', "`advanced.database.generateId: 'serial'` needs numbers", "take 'serial' out again"]
        : ['numbers', 'the options ask for text', "set `advanced.database.generateId: 'serial'` again"]
    super(
      `the ids of "${table}" are ${found} in the database, and ${other}; ids of rows that exist are not changed: ` +
        `${remedy}, or start with an empty database`,
    )
  }
}

/**
 * Ids are in cookies, tokens and other tables, and an engine that is told to make numbers of them makes the same one of
 * many, or none. Kinds of text (random, UUID, your own) may be changed at any time: each row keeps what it has.
 * @throws IdKindChanged when a table has ids of another kind than the schema's
 */
export function assertSameIdKinds(schema: Schema, tables: Tables): void {
  for (const { modelName, ids = 'text' } of Object.values(schema)) {
    const id = tables.find(({ name }) => name === modelName)?.getColumn('id')
    if (id && isNumber(id.type) !== (ids === 'serial')) throw new IdKindChanged(modelName, ids)
  }
}

/**
 * Asks the connected database.
 * @param context the transaction to ask in
 * @throws IdKindChanged as `assertSameIdKinds`
 */
export async function checkIdKinds(orm: Orm, schema: Schema, context?: Transaction): Promise<void> {
  const names = Object.values(schema).map(({ modelName }) => modelName)
  assertSameIdKinds(schema, await existingTables(orm, names, context))
}

function isNumber(type: string): boolean {
  return /^\w*(int|serial|numeric|decimal)/i.test(type)
}
