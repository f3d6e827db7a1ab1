import type { Orm } from './driver.ts'

/** How one SQL engine differs from the others, as far as the adapter meets it. */
export interface Dialect {
  id: string
  /** Dates are integers of milliseconds, booleans integers: SQLite has neither. */
  isUntyped: boolean
  /** `insert`, `update` and `delete` can return rows. */
  hasReturning: boolean
  /** Names of functions on text: position of one in another, and length in characters. */
  position: 'instr' | 'strpos'
  length: 'length' | 'char_length'
  /** Rows without a value come last in ascending order. */
  sortsNullsLast: boolean
  isUniqueViolation(error: DatabaseError): boolean
}

/** What drivers put on the errors they throw. */
export interface DatabaseError {
  code?: unknown
  errcode?: unknown
  errno?: unknown
}

const SQLITE: Dialect = {
  id: 'sqlite',
  isUntyped: true,
  hasReturning: true,
  position: 'instr',
  length: 'length',
  sortsNullsLast: false,
  // SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY
  isUniqueViolation: ({ errcode }) => errcode === 2067 || errcode === 1555,
}

const POSTGRESQL: Dialect = {
  id: 'postgresql',
  isUntyped: false,
  hasReturning: true,
  position: 'strpos',
  length: 'length',
  sortsNullsLast: true,
  isUniqueViolation: ({ code }) => code === '23505',
}

const MYSQL: Dialect = {
  id: 'mysql',
  isUntyped: false,
  hasReturning: false,
  position: 'instr',
  length: 'char_length',
  sortsNullsLast: false,
  // ER_DUP_ENTRY
  isUniqueViolation: ({ errno }) => errno === 1062,
}

/** Platforms of MikroORM by class name. */
const DIALECTS: Record<string, Dialect> = {
  SqlitePlatform: SQLITE,
  PostgreSqlPlatform: POSTGRESQL,
  MySqlPlatform: MYSQL,
  MariaDbPlatform: { ...MYSQL, id: 'mariadb' },
}

/**
 * The dialect of a connected ORM.
 * @throws for an engine that the adapter has not been shown to work on
 */
export function dialectOf(orm: Orm): Dialect {
  const name = orm.driver.getPlatform().constructor.name
  const dialect = DIALECTS[name]
  if (!dialect) throw new Error(`mikroOrmAdapter: ${name} is not supported`)
  return dialect
}
