import type { Adapter, Row } from '../../src/index.ts'
import type { WatchedDatabase } from './watched-database.ts'

/** All rows by model, in the order of their ids. What was not written between two dumps is the same array in both. */
export type Dump = Readonly<Record<string, readonly Row[]>>

export interface Snapshots {
  dump(): Promise<Dump>
  /** Makes the rows those of the dump, whatever has happened since. */
  restore(saved: Dump): Promise<void>
}

/** Each round may undo what a foreign key did in the one before. */
const MOST_ROUNDS = 5

/**
 * What is in the database, read and brought back by what has been written since: of hundreds of calls few write anything,
 * and those but a row or two.
 * @param models those that are referred to before those that refer to them
 */
export function snapshots(
  adapter: Adapter,
  { database, models }: { database: WatchedDatabase; models: readonly string[] },
): Snapshots {
  let last: Dump = {}
  const read = async (model: string) => {
    const rows = await adapter.findMany({ model, where: [], limit: 1000 })
    return rows.sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1))
  }
  const dump = async () => {
    const touched = database.touched()
    const wanted = models.filter(model => touched === 'all' || touched.has(model))
    const tables = await Promise.all(
      wanted.map(async model => {
        const rows = await read(model)
        const before = last[model]
        return [model, before && isSame(before, rows) ? before : rows] as const
      }),
    )
    if (tables.length > 0) last = { ...last, ...Object.fromEntries(tables) }
    return last
  }
  const restore = async (saved: Dump) => {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const current = await dump()
      const changed = models.filter(model => !isSame(current[model] ?? [], saved[model] ?? []))
      if (changed.length === 0) return
      for (const model of changed.toReversed()) await deleteAdded(adapter, model, { current, saved })
      for (const model of changed) await writeBack(adapter, model, { current, saved })
    }
    throw new Error('the rows of before cannot be brought back')
  }
  return { dump, restore }
}

interface Change {
  current: Dump
  saved: Dump
}

async function deleteAdded(adapter: Adapter, model: string, { current, saved }: Change): Promise<void> {
  const kept = new Set(saved[model]?.map(({ id }) => id))
  for (const { id } of current[model] ?? []) {
    if (!kept.has(id)) await adapter.delete({ model, where: [{ field: 'id', value: String(id) }] })
  }
}

async function writeBack(adapter: Adapter, model: string, { current, saved }: Change): Promise<void> {
  const present = new Map(current[model]?.map(row => [row.id, row]))
  for (const row of saved[model] ?? []) {
    const { id, ...update } = row
    const found = present.get(id)
    if (!found) await adapter.create({ model, data: { ...row } })
    else if (!isSame([found], [row]))
      await adapter.update({ model, where: [{ field: 'id', value: String(id) }], update })
  }
}

function isSame(one: readonly Row[], other: readonly Row[]): boolean {
  return one === other || (one.length === other.length && JSON.stringify(one) === JSON.stringify(other))
}
