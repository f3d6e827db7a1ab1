import type { MongoOrm } from './driver-types.ts'

/** A field of a collection that names rows of another one. */
export interface Reference {
  collection: string
  column: string
  /** What happens to a row when the one it names is deleted. */
  rule: 'cascade' | 'set null'
}

/**
 * The references to a collection, from the ORM's entities: those of the application are among them when the ORM is
 * the application's. References that say neither `cascade` nor `set null` are left out.
 */
export function referencesTo(orm: MongoOrm, collection: string): Reference[] {
  const all = [...orm.getMetadata().getAll().values()]
  return all.flatMap(({ collection: from, relations }) =>
    relations.flatMap(({ targetMeta, kind, fieldNames, deleteRule: rule, owner }): Reference[] => {
      const holdsKey = kind === 'm:1' || (kind === '1:1' && owner)
      const [column] = fieldNames ?? []
      const isFollowed = (name: unknown): name is Reference['rule'] => name === 'cascade' || name === 'set null'
      if (!holdsKey || !column || targetMeta?.collection !== collection || !isFollowed(rule)) return []
      return [{ collection: from, column, rule }]
    }),
  )
}
