import { DatabaseSchema, DatabaseTable, type Transaction } from '@mikro-orm/sql'
import type { Orm } from './orm.ts'

/** Some tables of a database, or some that it should have. */
export type Tables = DatabaseTable[]

/** The tables named `names` that the entities ask for; an application's own MikroORM may have more. */
export function wantedTables(orm: Orm, names: readonly string[]): Tables {
  return orm.schema
    .getTargetSchema()
    .getTables()
    .filter(({ name }) => names.includes(name))
}

/**
 * The tables named `names` as they are in the connected database; names it does not have are left out.
 * @param context the transaction to look in
 */
export async function existingTables(orm: Orm, names: readonly string[], context?: Transaction): Promise<Tables> {
  const namespaces = orm.schema.getTargetSchema().getNamespaces()
  const connection = context ? connectionWithin(orm, context) : orm.driver.getConnection()
  const platform = orm.driver.getPlatform()
  const schema = await DatabaseSchema.create(connection, platform, orm.config, undefined, namespaces, [...names])
  const tables = schema.getTables().filter(({ name }) => names.includes(name))
  for (const column of tables.flatMap(table => table.getColumns())) {
    // MariaDB tells a quote within a default in another spelling than the one it was given.
    column.default = column.default?.replaceAll("\\'", "''")
  }
  return tables
}

/**
 * The connection, with every statement sent within `context`. MikroORM's own way to say so is forgotten where it asks
 * SQLite for triggers, and a statement outside the transaction waits for it forever.
 */
export function connectionWithin(orm: Orm, context: Transaction): Connection {
  const connection = orm.driver.getConnection()
  const execute: Connection['execute'] = (query, parameters, method) =>
    connection.execute(query, parameters, method, context)
  return Object.create(connection, { execute: { value: execute } })
}

type Connection = ReturnType<Orm['driver']['getConnection']>

/** Puts tables together, for MikroORM's comparison. */
export function schemaOf(orm: Orm, tables: Tables): DatabaseSchema {
  const { name } = orm.schema.getTargetSchema()
  const schema = new DatabaseSchema(orm.driver.getPlatform(), name)
  schema.setTables(tables)
  schema.setNamespaces(new Set(orm.schema.getTargetSchema().getNamespaces()))
  return schema
}

/** A copy of a table, under a new name if one is given, to be changed without changing the original. */
export function copyTable(orm: Orm, table: DatabaseTable, name = table.name): DatabaseTable {
  const copy = new DatabaseTable(orm.driver.getPlatform(), name, table.schema)
  for (const column of table.getColumns()) copy.addColumn({ ...column })
  copy.setIndexes(table.getIndexes().map(index => ({ ...index, columnNames: [...index.columnNames] })))
  copy.setChecks(table.getChecks().map(check => ({ ...check })))
  copy.setTriggers(table.getTriggers())
  copy.setForeignKeys(
    Object.fromEntries(Object.entries(table.getForeignKeys()).map(([key, foreignKey]) => [key, { ...foreignKey }])),
  )
  copy.nativeEnums = table.nativeEnums
  copy.comment = table.comment
  copy.collation = table.collation
  return copy
}
