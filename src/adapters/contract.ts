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
 * One condition. `operator` defaults to `eq`; `eq` and `ne` with `null` mean "is null" and "is not null".
 * Grouping is the same on every engine: all `AND` conditions must hold, and, when there are any `OR` conditions,
 * at least one of them.
 */
export interface Where {
  field: string
  value: string | number | boolean | Date | null | readonly (string | number)[]
  operator?: Operator
  connector?: 'AND' | 'OR'
}

export interface FindOne {
  model: string
  where: readonly Where[]
  /** Fields to return; default all. */
  select?: readonly string[]
  /** The model that a foreign key of this one names, fetched in the same query and put under its model name. */
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
  update: Row
}

/**
 * All that Kernia asks of a database. Every method takes part in the transaction it is called in, if there is one.
 * @throws UniqueViolation from `create`, `update` and `updateMany` when a unique column's value is taken
 */
export interface Adapter {
  /** Short name for diagnostics: `memory`, `sqlite`, `postgresql`. */
  readonly id: string
  /** Inserts a complete row, its `id` included, and returns it. */
  create(input: { model: string; data: Row }): Promise<Row>
  findOne(query: FindOne): Promise<Row | null>
  findMany(query: FindMany): Promise<Row[]>
  /** Updates one matching row and returns it as it is now; `null` when none matched. */
  update(write: Write): Promise<Row | null>
  /** Updates all matching rows and returns how many there were. */
  updateMany(write: Write): Promise<number>
  delete(query: { model: string; where: readonly Where[] }): Promise<void>
  /** Deletes all matching rows and returns how many there were. */
  deleteMany(query: { model: string; where: readonly Where[] }): Promise<number>
  count(query: { model: string; where?: readonly Where[] }): Promise<number>
  /** Deletes one matching row and returns it; of any number of concurrent calls exactly one gets it. */
  consumeOne(query: { model: string; where: readonly Where[] }): Promise<Row | null>
  /** Runs `work` so that its writes happen all or not at all. A transaction inside one joins it. */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** Creates missing tables and columns; drops nothing. */
  createSchema(): Promise<void>
  close(): Promise<void>
}

/** What `init({ database })` takes: it is given the merged tables and returns the adapter for them. */
export interface Database {
  connect(schema: Schema): Adapter
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

/** The foreign-key field by which `model` names `target`. */
export function foreignKey(schema: Schema, model: string, target: string): string {
  for (const [name, field] of Object.entries(schema[model]?.fields ?? {})) {
    if (field.references?.model === target) return name
  }
  throw new Error(`"${model}" has no reference to "${target}"`)
}
