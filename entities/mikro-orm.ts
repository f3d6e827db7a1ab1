import type { EntitySchema, EntitySchemaMetadata } from '@mikro-orm/core'
import type { Field } from './field.ts'
import { maxLengthOf, uniqueGroups } from './field.ts'
import { longText, type MikroOrmTypes } from './long-text.ts'
import { columnOf, type Model, type Schema } from './schema.ts'

type Properties = Record<string, Record<string, unknown>>

/** What is used of `@mikro-orm/core`. */
export interface MikroOrmCore extends MikroOrmTypes {
  EntitySchema: new (metadata: EntitySchemaMetadata<object>) => EntitySchema
}

/**
 * The MikroORM entities of one instance, by logical model name. Names in the database are the logical camelCase
 * names unless renamed. Add the values to your own `MikroORM`'s `entities` to share one connection and one schema.
 * @param mikroOrm `@mikro-orm/core`, which takes long to load: whoever needs entities has loaded it
 * @param idColumn name of the primary key in the database; MongoDB takes none but `_id`
 */
export function toEntities(
  mikroOrm: MikroOrmCore,
  schema: Schema,
  idColumn: 'id' | '_id' = 'id',
): Record<string, EntitySchema> {
  const entities: Record<string, EntitySchema> = {}
  const context = { entities: () => entities, LongText: longText(mikroOrm) }
  for (const [name, model] of Object.entries(schema)) {
    const uniques = uniqueGroups(model.fields).filter(group => group.length > 1)
    const metadata = {
      name,
      tableName: model.modelName,
      properties: propertiesOf(model, idColumn, context),
      uniques: uniques.map(properties => ({ properties })),
    }
    // Properties are assembled from data, which the entity-typed metadata cannot express.
    entities[name] = new mikroOrm.EntitySchema(metadata as unknown as EntitySchemaMetadata<object>)
  }
  return entities
}

interface Context {
  entities: () => Record<string, EntitySchema>
  LongText: ReturnType<typeof longText>
}

function propertiesOf({ fields, ids }: Model, idColumn: string, context: Context): Properties {
  const id = ids === 'serial' ? { type: 'integer', autoincrement: true } : { type: 'string', length: 64 }
  const properties: Properties = { id: { ...id, primary: true, fieldName: idColumn } }
  for (const [name, field] of Object.entries(fields)) {
    properties[name] = {
      ...column(field, context),
      fieldName: columnOf(name, field),
      nullable: field.required === false,
      ...databaseDefault(field),
    }
  }
  return properties
}

// What rows that exist already get, when the column is added to their table.
function databaseDefault({ defaultValue }: Field): Record<string, unknown> {
  // MikroORM puts quotes around a text, but does not double those within.
  if (typeof defaultValue === 'string') return { default: defaultValue.replaceAll("'", "''") }
  return typeof defaultValue === 'number' || typeof defaultValue === 'boolean' ? { default: defaultValue } : {}
}

function column(field: Field, { entities, LongText }: Context): Record<string, unknown> {
  const { references } = field
  if (references) {
    const deleteRule = references.onDelete ?? 'cascade'
    // `mapToPk` keeps the property the plain id it is on the wire.
    const entity = () => entities()[references.model]
    // PostgreSQL indexes no foreign key by itself.
    return { kind: 'm:1', entity, mapToPk: true, deleteRule, unique: field.unique, index: !field.unique }
  }
  const keys = { unique: field.unique === true, index: field.index === true && !field.unique }
  switch (typeof field.type === 'string' ? field.type : 'string') {
    case 'string':
      return maxLengthOf(field) > 1024
        ? { type: LongText, ...keys }
        : { type: 'string', length: maxLengthOf(field), ...keys }
    case 'number':
      return { type: field.bigint ? 'double' : 'integer', ...keys }
    case 'boolean':
      return { type: 'boolean', ...keys }
    case 'date':
      return { type: 'datetime', length: 3, ...keys }
    default:
      return { type: 'json', ...keys }
  }
}
