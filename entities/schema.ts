import { accountFields } from './account.ts'
import type { Field, Fields } from './field.ts'
import { sessionFields } from './session.ts'
import { userFields } from './user.ts'
import { verificationFields } from './verification.ts'

/** A table: its name in the database and its columns by logical name. */
export interface Model {
  modelName: string
  /** Ids are texts that we make (the default), or numbers that the database counts; texts to us all the same. */
  ids?: 'text' | 'serial'
  fields: Fields
}

/** All tables of one auth instance, by logical name (`user`, `session`, ...). */
export type Schema = Record<string, Model>

/** What a plugin adds: new tables, or fields on tables that exist. */
export type SchemaContribution = Record<string, { modelName?: string; fields: Fields }>

/** What an application changes: names in the database, and fields of its own. */
export interface ModelOverride {
  /** Table name; default the model's own. */
  modelName?: string
  /** Logical field name to column name. */
  fields?: Record<string, string | undefined>
  additionalFields?: Fields
}

/** The four tables every installation has. */
export const CORE_MODELS = {
  user: { modelName: 'user', fields: userFields },
  session: { modelName: 'session', fields: sessionFields },
  account: { modelName: 'account', fields: accountFields },
  verification: { modelName: 'verification', fields: verificationFields },
} as const satisfies Schema

/**
 * Merges core tables, plugin contributions and the application's overrides into the tables of one instance.
 * @throws when two contributors define the same field, a field refers to an unknown table, or a name is reserved
 */
export function resolveFullSchema(
  core: Schema,
  plugins: readonly { id: string; schema?: SchemaContribution }[],
  overrides: Record<string, ModelOverride | undefined> = {},
): Schema {
  const schema: Schema = {}
  for (const [model, { modelName, fields }] of Object.entries(core))
    schema[model] = { modelName, fields: { ...fields } }
  for (const plugin of plugins) {
    for (const [model, contribution] of Object.entries(plugin.schema ?? {})) {
      const target = schema[model] ?? { modelName: contribution.modelName ?? model, fields: {} }
      schema[model] = target
      addFields(target, contribution.fields, `plugin "${plugin.id}", model "${model}"`)
    }
  }
  for (const [model, override] of Object.entries(overrides)) {
    const target = schema[model]
    if (target && override) applyOverride(target, override, `options.${model}`)
  }
  assertReferences(schema)
  assertNames(schema)
  return schema
}

function addFields(target: Model, fields: Fields, source: string): void {
  for (const [name, field] of Object.entries(fields)) {
    if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name) || name === 'id')
      throw new Error(`${source}: "${name}" cannot name a field`)
    if (Object.hasOwn(target.fields, name)) throw new Error(`${source}: the field "${name}" is defined already`)
    target.fields[name] = field
  }
}

function applyOverride(target: Model, override: ModelOverride, source: string): void {
  if (override.modelName) target.modelName = override.modelName
  addFields(target, override.additionalFields ?? {}, `${source}.additionalFields`)
  for (const [name, fieldName] of Object.entries(override.fields ?? {})) {
    const field = target.fields[name]
    if (!field) throw new Error(`${source}.fields: there is no field "${name}"`)
    if (fieldName) target.fields[name] = { ...field, fieldName }
  }
}

function assertReferences(schema: Schema): void {
  for (const [model, { fields }] of Object.entries(schema)) {
    for (const [name, { references }] of Object.entries(fields)) {
      if (!references) continue
      const target = schema[references.model]
      if (!target) throw new Error(`"${model}.${name}" refers to the unknown model "${references.model}"`)
    }
  }
}

// SQLite tells names apart without regard to case.
function assertNames(schema: Schema): void {
  const tables = Object.values(schema).map(({ modelName }) => modelName.toLowerCase())
  const table = tables.find((name, index) => tables.indexOf(name) !== index)
  if (table) throw new Error(`two models have the table name "${table}"`)
  for (const [model, { fields }] of Object.entries(schema)) {
    const columns = ['id', ...Object.entries(fields).map(([name, field]) => columnOf(name, field).toLowerCase())]
    const column = columns.find((name, index) => columns.indexOf(name) !== index)
    if (column) throw new Error(`two fields of "${model}" have the column name "${column}"`)
  }
}

/** The column a field is stored in. */
export function columnOf(name: string, field: Field): string {
  return field.fieldName ?? name
}

/** The fields that plugins and the application add to a core model. */
export function additionalFieldsOf(schema: Schema, model: keyof typeof CORE_MODELS): Fields {
  const core: Fields = CORE_MODELS[model].fields
  return Object.fromEntries(Object.entries(schema[model]?.fields ?? {}).filter(([name]) => !Object.hasOwn(core, name)))
}
