import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Migration } from '@mikro-orm/migrations'
import type { Orm } from './orm.ts'

/** A file with a migration. Its name, without extension, is what the database remembers it by. */
export interface MigrationFile {
  name: string
  path: string
}

/** The folder that is used when none is named: the one configured on the application's MikroORM, else `migrations`. */
export function migrationsFolder(orm: Orm, given: string | undefined): string {
  const { pathTs, path } = orm.config.get('migrations')
  return resolve(given ?? pathTs ?? path ?? 'migrations')
}

/** The migrations of a folder, in the order of their names, which is that in which they run; none without a folder. */
export function migrationFiles(folder: string): MigrationFile[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => /\.(ts|js|mts|mjs)$/.test(name) && !/\.d\.m?ts$/.test(name))
    .sort()
    .map(file => ({ name: basename(file).replace(/\.m?[jt]s$/, ''), path: join(folder, file) }))
}

/**
 * Imports a migration.
 * @throws when the file exports no class that extends MikroORM's `Migration`
 */
export async function loadMigration(orm: Orm, { path }: MigrationFile): Promise<Migration> {
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  const found = Object.values(module).find(value => typeof value === 'function' && 'up' in (value.prototype ?? {}))
  if (!found) throw new Error(`${path} exports no migration`)
  const MigrationClass = found as new (driver: Orm['driver'], config: Orm['config']) => Migration
  return new MigrationClass(orm.driver, orm.config)
}
