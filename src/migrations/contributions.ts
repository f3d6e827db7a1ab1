import { CORE_MODELS, columnOf, type Schema, type SchemaContribution } from '../../entities/index.ts'

/** What one contributor brings to the schema: the plugin, the core or an option, and its fields by model. */
export interface Contribution {
  /** `core`, `plugin "id"` or `options.user.additionalFields`. */
  source: string
  models: Record<string, string[]>
}

/** The part of an instance that contributions are read from. */
export interface Contributors {
  schema: Schema
  plugins: readonly { id: string; schema?: SchemaContribution }[]
  options: Record<string, unknown>
}

/** Who contributed which models and fields, in the order in which they were merged. */
export function contributionsOf({ schema, plugins, options }: Contributors): Contribution[] {
  const fieldNames = (models: SchemaContribution) =>
    Object.fromEntries(Object.entries(models).map(([model, { fields }]) => [model, Object.keys(fields)]))
  const ofPlugins = plugins.flatMap(plugin =>
    plugin.schema ? [{ source: `plugin "${plugin.id}"`, models: fieldNames(plugin.schema) }] : [],
  )
  const ofOptions = Object.keys(schema).flatMap(model => {
    const { additionalFields = {} } = (options[model] ?? {}) as { additionalFields?: object }
    const fields = Object.keys(additionalFields)
    return fields.length > 0 ? [{ source: `options.${model}.additionalFields`, models: { [model]: fields } }] : []
  })
  return [{ source: 'core', models: fieldNames(CORE_MODELS) }, ...ofPlugins, ...ofOptions]
}

/** Tells who a table or column of the database comes from; `undefined` when nobody of ours. */
export type Attribution = (table: string, column?: string) => string | undefined

/** Looks contributors up by the names in the database. A table belongs to whoever names its model first. */
export function attribution(contributors: Contributors): Attribution {
  const owners = new Map<string, string>()
  for (const { source, models } of contributionsOf(contributors)) {
    for (const [model, fields] of Object.entries(models)) {
      const target = contributors.schema[model]
      if (!target) continue
      const table = target.modelName
      if (!owners.has(table)) owners.set(table, source)
      for (const name of fields) {
        const field = target.fields[name]
        if (field) owners.set(`${table}.${columnOf(name, field)}`, source)
      }
    }
  }
  return (table, column) => owners.get(column === undefined ? table : `${table}.${column}`)
}
