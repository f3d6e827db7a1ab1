import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../entities/index.ts'
import { type Adapter, type FindMany, foreignKey, type Row, UniqueViolation, type Where } from '../contract.ts'
import { type Codec, createCodec } from './codec.ts'
import type { Orm } from './driver.ts'
import { condition, type PositionFunction } from './where.ts'

type Tables = Record<string, Record<string, unknown>>
type EntityManager = Orm['em']

/**
 * The adapter over a SQL database that MikroORM is connected to. Queries go through its Kysely instance and are not
 * hydrated into entities. The transaction travels in AsyncLocalStorage, so whatever a procedure calls takes part in
 * it; on a driver with one connection a query outside it would wait for itself.
 */
export function createSqlAdapter(orm: Orm, schema: Schema): Adapter {
  const isSqlite = orm.driver.getPlatform().constructor.name === 'SqlitePlatform'
  const position: PositionFunction = isSqlite ? 'instr' : 'strpos'
  const current = new AsyncLocalStorage<EntityManager>()
  let connected: Promise<unknown> | undefined

  const database = async (): Promise<Kysely<Tables>> => {
    connected ??= orm.connect().catch(error => {
      connected = undefined
      throw error
    })
    await connected
    return (current.getStore() ?? orm.em).getKysely() as unknown as Kysely<Tables>
  }

  const codecs = new Map<string, { table: string; codec: Codec }>()
  for (const [name, model] of Object.entries(schema)) {
    codecs.set(name, { table: model.modelName, codec: createCodec(model, isSqlite) })
  }
  const tableOf = (model: string) => {
    const found = codecs.get(model)
    if (!found) throw new Error(`unknown model "${model}"`)
    return found
  }
  const filter = (model: string, where: readonly Where[] = []) => condition({ where, ...tableOf(model) }, position)

  const writing = async <T>(model: string, write: () => Promise<T>): Promise<T> => {
    try {
      return await write()
    } catch (error) {
      throw isUniqueViolation(error) ? new UniqueViolation(model, { cause: error }) : error
    }
  }

  /** A subquery for the id of one matching row: `update` and `delete` know no `limit` in standard SQL. */
  const oneId = (db: Kysely<Tables>, model: string, where: readonly Where[]) =>
    db.selectFrom(tableOf(model).table).select(`${tableOf(model).table}.id`).where(filter(model, where)).limit(1)

  const findMany = async ({ model, where, select, join, limit = 100, offset, sortBy }: FindMany): Promise<Row[]> => {
    const { table, codec } = tableOf(model)
    const other = join ? tableOf(join) : undefined
    const wanted = codec.columns.filter(([name]) => !select || select.includes(name))
    let query = (await database())
      .selectFrom(table)
      .select(wanted.map(([, column]) => `${table}.${column} as a.${column}`))
      .where(filter(model, where))
      .limit(limit)
    if (other && join) {
      const key = codec.column(foreignKey(schema, model, join))
      query = query
        .innerJoin(other.table, `${other.table}.id`, `${table}.${key}`)
        .select(other.codec.columns.map(([, column]) => `${other.table}.${column} as b.${column}`))
    }
    if (sortBy) query = query.orderBy(`${table}.${codec.column(sortBy.field)}`, sortBy.direction)
    if (offset) query = query.offset(offset)
    const rows = (await query.execute()) as Row[]
    return rows.map(row => {
      const found = codec.decode(row, 'a.')
      return other && join ? { ...found, [join]: other.codec.decode(row, 'b.') } : found
    })
  }

  return {
    id: isSqlite ? 'sqlite' : 'postgresql',
    create: ({ model, data }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const row = await (await database()).insertInto(table).values(codec.encode(data)).returningAll().executeTakeFirst()
        return codec.decode(row as Row)
      }),
    findOne: async query => (await findMany({ ...query, limit: 1 }))[0] ?? null,
    findMany,
    update: ({ model, where, update }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const db = await database()
        const one = db.updateTable(table).set(codec.encode(update)).where('id', '=', oneId(db, model, where))
        const row = await one.returningAll().executeTakeFirst()
        return row ? codec.decode(row as Row) : null
      }),
    updateMany: ({ model, where, update }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const query = (await database()).updateTable(table).set(codec.encode(update)).where(filter(model, where))
        return Number((await query.executeTakeFirst()).numUpdatedRows)
      }),
    delete: async ({ model, where }) => {
      const db = await database()
      await db.deleteFrom(tableOf(model).table).where('id', '=', oneId(db, model, where)).execute()
    },
    deleteMany: async ({ model, where }) => {
      const query = (await database()).deleteFrom(tableOf(model).table).where(filter(model, where))
      return Number((await query.executeTakeFirst()).numDeletedRows)
    },
    count: async ({ model, where }) => {
      const { table } = tableOf(model)
      const query = (await database()).selectFrom(table).select(eb => eb.fn.countAll().as('rows'))
      const counted = await query.where(filter(model, where)).executeTakeFirst()
      return Number(counted?.rows ?? 0)
    },
    consumeOne: async ({ model, where }) => {
      const { table, codec } = tableOf(model)
      const db = await database()
      const row = await db.deleteFrom(table).where('id', '=', oneId(db, model, where)).returningAll().executeTakeFirst()
      return row ? codec.decode(row as Row) : null
    },
    transaction: async work => {
      if (current.getStore()) return work()
      await database()
      return orm.em.fork().transactional(em => current.run(em, work))
    },
    createSchema: async () => {
      await database()
      await orm.schema.update({ safe: true })
    },
    close: () => orm.close(true),
  }
}

function isUniqueViolation(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, errcode } = e as { code?: unknown; errcode?: unknown }
    // PostgreSQL's SQLSTATE; SQLite's SQLITE_CONSTRAINT_UNIQUE and _PRIMARYKEY.
    if (code === '23505' || errcode === 2067 || errcode === 1555) return true
  }
  return false
}
