/** What a column holds. `string[]`, `number[]` and `json` are stored as JSON. */
export type FieldType = 'string' | 'number' | 'boolean' | 'date' | 'json' | 'string[]' | 'number[]'

/**
 * One column, described once. From it come the MikroORM property, the Zod schemas for output and input,
 * the memory adapter's rules and the TypeScript type. The keys are those of Better Auth's `additionalFields`,
 * so a field of an application and a field of Kernia are written the same way.
 */
export interface Field {
  /** A kind of value, or the list of strings that are allowed. */
  type: FieldType | readonly string[]
  /** Must have a value. Default true. */
  required?: boolean
  /** No two rows share a value. */
  unique?: boolean
  /** No two rows share the values of this field and of these together. All of them must have a value. */
  uniqueWith?: readonly string[]
  /** Looked up by value; foreign keys and unique columns are indexed anyway. */
  index?: boolean
  /** A foreign key. Deleting the row it names deletes this one, unless `onDelete` says otherwise. */
  references?: { model: string; field: string; onDelete?: 'cascade' | 'set null' | 'no action' }
  /** A client may set it at sign-up or update. Default false: nothing is client-writable unless declared. */
  input?: boolean
  /** Leaves the server in responses. Default true. */
  returned?: boolean
  /** Value of a new row that brings none, or a function that makes it. */
  defaultValue?: FieldValue | (() => FieldValue)
  /** Value at every update that brings none. */
  onUpdate?: () => FieldValue
  /** Column name in the database. Default: the field's own name. */
  fieldName?: string
  /** Longest string accepted, in UTF-16 units. Default 255 where the column is indexed, else 65,536. */
  maxLength?: number
  /** Numbers beyond 32 bits. */
  bigint?: boolean
  /** What becomes of a value on its way into the database and out of it. A missing value stays missing. */
  transform?: { input?: Transform; output?: Transform }
  /** Additional checks of a client's value; any Standard Schema (https://standardschema.dev) with a synchronous result. */
  validator?: { input?: SchemaLike; output?: SchemaLike }
}

// biome-ignore lint/suspicious/noExplicitAny: the field's own type is not known where fields are written
export type Transform = (value: any) => unknown

/** The part of a Standard Schema that is used here. */
export interface SchemaLike {
  readonly '~standard': {
    validate(
      value: unknown,
    ): { value: unknown; issues?: undefined } | { issues: readonly { message: string }[] } | Promise<unknown>
  }
}

export type FieldValue =
  | string
  | number
  | boolean
  | Date
  | null
  | undefined
  | string[]
  | number[]
  | Record<string, unknown>

/** The groups of columns whose values no two rows share. */
export function uniqueGroups(fields: Fields): string[][] {
  return Object.entries(fields).flatMap(([name, { unique, uniqueWith }]) => [
    ...(unique ? [[name]] : []),
    ...(uniqueWith ? [[name, ...uniqueWith]] : []),
  ])
}

/** Columns by their logical, camelCase names. Every model also has the column `id`. */
export type Fields = Record<string, Field>

/** The longest string a column takes, in UTF-16 units. */
export function maxLengthOf(field: Field): number {
  const isKey = field.unique || field.uniqueWith || field.index || field.references
  return field.maxLength ?? (isKey ? 255 : 65_536)
}

interface ValueOfType {
  string: string
  number: number
  boolean: boolean
  date: Date
  json: Record<string, unknown>
  'string[]': string[]
  'number[]': number[]
}

/** The TypeScript type of a field's value. */
export type ValueOf<F extends Field> = F extends Optional ? RequiredValue<F> | null | undefined : RequiredValue<F>

type RequiredValue<F extends Field> = F['type'] extends readonly (infer Choice)[]
  ? Choice
  : F['type'] extends FieldType
    ? ValueOfType[F['type']]
    : never

type Optional = { required: false }

// Keys are chosen where the rows are mapped: lists of keys made first are unions that the compiler has to compare.
type Visible<F extends Fields> = { [K in keyof F as F[K] extends { returned: false } ? never : K]: F[K] }
type Writable<F extends Fields> = { [K in keyof F as F[K] extends { input: true } ? K : never]: F[K] }

/** A row as the database has it, without `id`. */
export type RowOf<F extends Fields> = Flatten<
  { -readonly [K in keyof F as F[K] extends Optional ? never : K]: ValueOf<F[K]> } & {
    -readonly [K in keyof F as F[K] extends Optional ? K : never]?: ValueOf<F[K]>
  }
>

/** A row as a client sees it: hidden fields are gone. */
export type OutputOf<F extends Fields> = RowOf<Visible<F>>

/** What a client may send: only the fields declared `input: true`. */
export type InputOf<F extends Fields> = InputRow<Writable<F>>

type Omissible = Optional | { defaultValue: unknown }
type InputRow<F extends Fields> = Flatten<
  { -readonly [K in keyof F as F[K] extends Omissible ? never : K]: ValueOf<F[K]> } & {
    -readonly [K in keyof F as F[K] extends Omissible ? K : never]?: ValueOf<F[K]>
  }
>

type Flatten<T> = { [K in keyof T]: T[K] }
