import { createRequire } from 'node:module'
import type { Schema } from '../../../entities/index.ts'
import { type MikroOrmCore, toEntities } from '../../../entities/mikro-orm.ts'

/**
 * MikroORM's `EntitySchema` by model name. Not its own type, which the compiler would read for every application,
 * also for one that has no `MikroORM` of its own.
 */
// biome-ignore lint/suspicious/noExplicitAny: the one who takes them is MikroORM
export type MikroOrmEntities = Record<string, any>

/** The MikroORM entities for an application's own `MikroORM`, on any SQL database. */
export function sqlEntities(schema: Schema): MikroOrmEntities {
  return toEntities(loadedMikroOrm(), schema)
}

/**
 * The MikroORM entities for an application's own `MikroORM` on MongoDB, where the primary key is stored as `_id`.
 * @param schema `auth.context.schema`
 */
export function mongoEntities(schema: Schema): MikroOrmEntities {
  return toEntities(loadedMikroOrm(), schema, '_id')
}

/** Loaded where it was not yet: who asks for entities is about to make a `MikroORM`; all others need not wait for that. */
function loadedMikroOrm(): MikroOrmCore {
  return createRequire(import.meta.url)('@mikro-orm/core') as MikroOrmCore
}
