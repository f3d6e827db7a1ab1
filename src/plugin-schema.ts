import type { SchemaContribution } from '../entities/index.ts'

/** Names in the database that an application wants for a plugin's tables and columns: a plugin's option `schema`. */
export type SchemaNames<S extends SchemaContribution> = {
  [Model in keyof S]?: { modelName?: string; fields?: { [Field in keyof S[Model]['fields']]?: string } }
}

/** A plugin's tables under the names that the application gave them. */
export function renameTables<const S extends SchemaContribution>(models: S, names: SchemaNames<S> = {}): S {
  const entries = Object.entries(models).map(([model, contribution]) => {
    const { modelName = contribution.modelName, fields: columns = {} } = names[model] ?? {}
    const fields = Object.entries(contribution.fields).map(([name, field]) => {
      const fieldName = (columns as Record<string, string | undefined>)[name]
      return [name, fieldName ? { ...field, fieldName } : field]
    })
    return [model, { ...(modelName && { modelName }), fields: Object.fromEntries(fields) }]
  })
  // The same tables and fields; only their names in the database differ, which the type does not tell.
  return Object.fromEntries(entries) as S
}
