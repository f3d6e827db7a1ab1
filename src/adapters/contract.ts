import type { Schema } from '../../entities/index.ts'

/** A row by logical field names, with `Date`, `boolean` and parsed JSON whatever the engine stores. */
export type Row = Record<string, unknown>

export type Operator =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'in'
  | 'not_in'
  | 'contains'
  | 'starts_with'
  | 'ends_with'
  | 'ilike_eq'

/**
 * One condition. `operator` defaults to `eq`. Null is apart from every value: `eq` and `ne` with `null` mean "is null"
 * and "is not null", `ne` with a value does not hold for null, and every other operator holds neither for null nor with
 * it. `in` is `eq` to one of the list, `not_in` is `ne` to each of it and never holds for null.
 * Grouping is the same on every engine: all `AND` conditions must hold, and, when there are any `OR` conditions,
 * at least one of them.
 */
export interface Where {
  field: string
  value: string | number | boolean | Date | null | readonly (string | number | null)[]
  operator?: Operator
  connector?: 'AND' | 'OR'
}

export interface FindOne {
  model: string
  where: readonly Where[]
  /** Fields to return; default all. */
  select?: readonly string[]
  /**
   * A model to fetch along, in the same query where the engine can. One that this model's foreign key names comes as
   * a row under its model name, and rows without it are left out; one whose foreign key names this model comes as
   * a list of rows, which may be empty.
   */
  join?: string
}

export interface FindMany extends FindOne {
  /** At most this many rows; default 100. */
  limit?: number
  offset?: number
  sortBy?: { field: string; direction: 'asc' | 'desc' }
}

export interface Write {
  model: string
  where: readonly Where[]
  /** Fields to set; `undefined` leaves one as it is, `null` empties it. Nothing to set is no error. */
  update: Row
}

/** A counter to add to, with a bound it may not pass. */
export interface Increment {
  model: string
  where: readonly Where[]
  /** A number column; null counts as 0, for the bound too. */
  field: string
  /** Default 1; may be negative. */
  by?: number
  /** Largest value that the counter may have afterwards. */
  max?: number
  /** Further fields to set with it. */
  update?: Row
}

/**
 * All that Kernia asks of a database; `AdapterMethods` says what an adapter has to bring, the rest is made up from it.
 * Every method takes part in the transaction it is called in, if there is one.
 * @throws UniqueViolation from `create`, `update`, `updateMany` and `incrementOne` when a unique column's value is taken
 */
export interface Adapter {
  /** Short name for diagnostics: `memory`, `sqlite`, `postgresql`. */
  readonly id: string
  /** The `MikroORM` behind it, of an adapter that has one: what migrations compare with and run on. */
  orm?(): Promise<object | undefined>
  /** Inserts a complete row, its `id` included, and returns it. */
  create(input: { model: string; data: Row }): Promise<Row>
  findOne(query: FindOne): Promise<Row | null>
  findMany(query: FindMany): Promise<Row[]>
  /** Updates one matching row and returns it as it is now, unchanged if nothing is to be set; `null` when none matched. */
  update(write: Write): Promise<Row | null>
  /** Updates all matching rows and returns how many there were, also if nothing is to be set. */
  updateMany(write: Write): Promise<number>
  delete(query: { model: string; where: readonly Where[] }): Promise<void>
  /** Deletes all matching rows and returns how many there were. */
  deleteMany(query: { model: string; where: readonly Where[] }): Promise<number>
  count(query: { model: string; where?: readonly Where[] }): Promise<number>
  /** Deletes one matching row and returns it; of any number of concurrent calls exactly one gets it. */
  consumeOne(query: { model: string; where: readonly Where[] }): Promise<Row | null>
  /** Adds to a counter of one matching row and returns the row; `null` when none matches or the bound is reached. */
  incrementOne(increment: Increment): Promise<Row | null>
  /**
   * Holds matching rows until the transaction ends: others that would hold or write them wait, or begin anew, and then
   * read what this one has written. To be the first query of a transaction, as some engines read the state of then.
   */
  lock(query: { model: string; where: readonly Where[] }): Promise<void>
  /**
   * Runs `work` so that its writes happen all or not at all. A transaction inside one joins it. Where the engine ends a
   * transaction for the sake of another one (MongoDB), `work` is undone and run again.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /**
   * Runs `task` once the transaction is committed that the application has opened itself, around this adapter's own; never
   * when that is rolled back. `false`, and nothing is run, when there is none. Left out by adapters whose transactions
   * are all begun by `transaction`.
   */
  afterOuterCommit?(task: () => Promise<void>): boolean
  /** Creates missing tables and columns; drops nothing. */
  createSchema(): Promise<void>
  close(): Promise<void>
}

type OptionalMethods = 'consumeOne' | 'incrementOne' | 'lock' | 'transaction' | 'createSchema' | 'close'

/** What an adapter has to bring. What it leaves out is composed of the rest: see `completeAdapter`. */
export type AdapterMethods = Omit<Adapter, OptionalMethods> & Partial<Pick<Adapter, OptionalMethods>>

/** What `init({ database })` takes: it is given the merged tables and returns the adapter for them. */
export interface Database<A extends AdapterMethods = Adapter> {
  connect(schema: Schema): A
}

/** A unique column's value is taken. `field` is the logical field name, where the engine tells it. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
  readonly model: string
  constructor(model: string, options?: ErrorOptions) {
    super(`a row of "${model}" with this value exists already`, options)
    this.model = model
  }
}

/** The database lacks a table or a column of the schema. The message names the commands that add it. */
export class SchemaOutOfDate extends Error {
  override readonly name = 'SchemaOutOfDate'
  readonly code = 'SCHEMA_OUT_OF_DATE'
  /** @param reason what the engine said */
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `the database lacks what the schema needs (${reason}); run \`kernia generate\` and \`kernia migrate\``,
      options,
    )
  }
}

/** How two models of a join are tied: which of them holds the foreign key, and in which field. */
export interface JoinKey {
  /** The foreign key of the queried model names the joined one: one row each. Else: a list. */
  isToOne: boolean
  /** The foreign-key field, of the queried model or of the joined one. */
  field: string
}

/**
 * @throws when neither model refers to the other
 */
export function joinKey(schema: Schema, model: string, join: string): JoinKey {
  const find = (from: string, to: string) =>
    Object.entries(schema[from]?.fields ?? {}).find(([, field]) => field.references?.model === to)?.[0]
  const toOne = find(model, join)
  if (toOne) return { isToOne: true, field: toOne }
  const toMany = find(join, model)
  if (toMany) return { isToOne: false, field: toMany }
  throw new Error(`there is no reference between "${model}" and "${join}"`)
}
