import type { Adapter, AdapterMethods, Row } from './contract.ts'

type MandatoryMethod = 'create' | 'findOne' | 'findMany' | 'update' | 'updateMany' | 'delete' | 'deleteMany' | 'count'

/** Another call may change a row between reading and writing it; after so many such losses something is wrong. */
const ATTEMPTS = 100

/**
 * Fills in what an adapter leaves out. `consumeOne` and `incrementOne` stay atomic as long as the adapter's
 * `deleteMany` and `updateMany` are, each by itself, and count truly. Without `transaction`, several writes are
 * several writes. Without `createSchema`, tables are the application's to create.
 */
export function completeAdapter(adapter: AdapterMethods): Adapter {
  const made: Omit<Adapter, 'id' | MandatoryMethod> = {
    consumeOne: query => consumeOne(adapter, query),
    incrementOne: increment => incrementOne(adapter, increment),
    // Limits then hold as well as the adapter keeps transactions apart.
    lock: async () => undefined,
    transaction: work => work(),
    createSchema: async () => {
      throw new Error(`the adapter "${adapter.id}" does not create tables; create them yourself`)
    },
    close: async () => undefined,
  }
  // Descriptors, not values: an adapter may learn its `id` only later.
  return Object.defineProperties(made, Object.getOwnPropertyDescriptors(adapter)) as Adapter
}

async function consumeOne(adapter: AdapterMethods, query: Parameters<Adapter['consumeOne']>[0]): Promise<Row | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await adapter.findOne(query)
    if (!row) return null
    // Whoever deletes the row has won it.
    const deleted = await adapter.deleteMany({ model: query.model, where: [{ field: 'id', value: row.id as string }] })
    if (deleted === 1) return row
  }
  return null
}

async function incrementOne(
  adapter: AdapterMethods,
  { model, where, field, by = 1, max, update }: Parameters<Adapter['incrementOne']>[0],
): Promise<Row | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await adapter.findOne({ model, where })
    if (!row) return null
    const before = row[field] as number | null
    const after = (before ?? 0) + by
    if (max !== undefined && after > max) return null
    // Written only if nobody else wrote meanwhile.
    const unchanged = [
      { field: 'id', value: row.id as string },
      { field, value: before },
    ]
    const changes = { ...defined(update), [field]: after }
    if ((await adapter.updateMany({ model, where: unchanged, update: changes })) === 1) return { ...row, ...changes }
  }
  return null
}

/** `undefined` means "leave it". */
function defined(row: Row = {}): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
}
