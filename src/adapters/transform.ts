import type { Field, Schema } from '../../entities/index.ts'
import type { Adapter, Row } from './contract.ts'
import { decorateAdapter } from './decorate.ts'

type Direction = 'input' | 'output'

/**
 * Applies the fields' own `transform`s: `input` to what is written, `output` to every row that is read, joined ones
 * included. Without any such field the adapter itself is returned, so that reads cost nothing more.
 */
export function transformRows(adapter: Adapter, schema: Schema): Adapter {
  const models = Object.entries(schema).filter(([, { fields }]) => Object.values(fields).some(field => field.transform))
  if (models.length === 0) return adapter
  const transformed = new Set(models.map(([model]) => model))
  const apply = (model: string, row: Row, direction: Direction) =>
    transformed.has(model) ? transformFields(schema[model]?.fields ?? {}, row, direction) : row
  const read = async (model: string, row: Row, join?: string): Promise<Row> => {
    const own = await apply(model, row, 'output')
    const joined = join ? own[join] : undefined
    if (!join || !joined) return own
    const rows = Array.isArray(joined)
      ? await Promise.all(joined.map((each: Row) => apply(join, each, 'output')))
      : await apply(join, joined as Row, 'output')
    return { ...own, [join]: rows }
  }
  const readOne = async (model: string, row: Row | null, join?: string) => row && read(model, row, join)
  const decorated: Partial<Adapter> = {
    create: async ({ model, data }) =>
      read(model, await adapter.create({ model, data: await apply(model, data, 'input') })),
    findOne: async query => readOne(query.model, await adapter.findOne(query), query.join),
    findMany: async query => {
      const rows = await adapter.findMany(query)
      return Promise.all(rows.map(row => read(query.model, row, query.join)))
    },
    update: async write => {
      const update = await apply(write.model, write.update, 'input')
      return readOne(write.model, await adapter.update({ ...write, update }))
    },
    updateMany: async write =>
      adapter.updateMany({ ...write, update: await apply(write.model, write.update, 'input') }),
    consumeOne: async query => readOne(query.model, await adapter.consumeOne(query)),
    incrementOne: async increment => readOne(increment.model, await adapter.incrementOne(increment)),
  }
  return decorateAdapter(adapter, decorated)
}

async function transformFields(fields: Record<string, Field>, row: Row, direction: Direction): Promise<Row> {
  const changed: Row = { ...row }
  for (const [name, { transform }] of Object.entries(fields)) {
    const value = row[name]
    // Nothing is nothing, whatever a function would make of it.
    if (transform?.[direction] && value !== undefined && value !== null)
      changed[name] = await transform[direction](value)
  }
  return changed
}
