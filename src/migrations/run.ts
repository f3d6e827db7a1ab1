import type { MigrationStorage } from '@mikro-orm/migrations'
import { loadMigration, type MigrationFile } from './folder.ts'
import type { Orm } from './orm.ts'
import { type MigrationSession, withMigrationSession } from './session.ts'

export interface RunMigrations {
  engine: string
  files: MigrationFile[]
  /** Told before and after each migration; `milliseconds` once it is done. */
  onProgress?(event: { name: string; direction: 'up' | 'down'; milliseconds?: number }): void
}

/**
 * Applies the migrations that the database does not remember, one after the other, each in a transaction where the
 * engine has them for tables. What another migrator applies meanwhile is not applied again.
 * @returns the names of those that this call applied
 * @throws what a migration throws; those before it stay applied, and its own changes are undone (not on MySQL)
 */
export async function applyMigrations(orm: Orm, { engine, files, onProgress }: RunMigrations): Promise<string[]> {
  return withMigrationSession({ orm, engine }, async session => {
    const storage = await storageOf(orm, session)
    const applied: string[] = []
    for (const file of files) {
      const isDone = await session.atomically(async () => {
        // Within the transaction: on SQLite that is where another migrator is kept out.
        if ((await executedNames(storage)).includes(file.name)) return false
        const started = performance.now()
        onProgress?.({ name: file.name, direction: 'up' })
        await runStatements(orm, session, { file, direction: 'up' })
        await storage.logMigration({ name: file.name }, session.context)
        onProgress?.({ name: file.name, direction: 'up', milliseconds: performance.now() - started })
        return true
      })
      if (isDone) applied.push(file.name)
    }
    return applied
  })
}

/**
 * Takes back the migration that was applied last. Rows of tables and columns that it created are gone with them.
 * @returns its name; `undefined` when none is applied
 * @throws when its file is missing
 */
export async function revertMigration(
  orm: Orm,
  { engine, files, onProgress }: RunMigrations,
): Promise<string | undefined> {
  return withMigrationSession({ orm, engine }, async session => {
    const storage = await storageOf(orm, session)
    return session.atomically(async () => {
      const name = (await executedNames(storage)).at(-1)
      if (!name) return undefined
      const file = files.find(one => one.name === name)
      if (!file) throw new Error(`the last applied migration is "${name}", and there is no such file`)
      const started = performance.now()
      onProgress?.({ name, direction: 'down' })
      await runStatements(orm, session, { file, direction: 'down' })
      await storage.unlogMigration({ name }, session.context)
      onProgress?.({ name, direction: 'down', milliseconds: performance.now() - started })
      return name
    })
  })
}

/** The names of the migrations that the database remembers, oldest first; asking creates nothing. */
export async function executedMigrations(orm: Orm): Promise<string[]> {
  const { tableName } = orm.config.get('migrations')
  const [table = '', schema] = (tableName ?? '').split('.').reverse()
  await orm.connect()
  const helper = orm.driver.getPlatform().getSchemaHelper()
  const connection = orm.driver.getConnection()
  const namespace = schema ?? orm.driver.getPlatform().getDefaultSchemaName()
  if (!(await helper?.tableExists(connection, table, namespace))) return []
  const from = [...(schema ? [schema] : []), table]
    .map(name => orm.driver.getPlatform().quoteIdentifier(name))
    .join('.')
  const rows: { name: string }[] = await connection.execute(`select name from ${from} order by id`)
  return rows.map(({ name }) => withoutExtension(name))
}

async function storageOf(orm: Orm, { context, atomically }: MigrationSession): Promise<MigrationStorage> {
  const { MigrationStorage } = await loadMigrationsPackage()
  const storage = new MigrationStorage(orm.driver, orm.config.get('migrations'))
  storage.setMasterMigration(context)
  await atomically(() => storage.ensureTable())
  return storage
}

/** The package that migrations are written for. It is an optional peer, since not every application needs it. */
async function loadMigrationsPackage(): Promise<typeof import('@mikro-orm/migrations')> {
  return import('@mikro-orm/migrations').catch(cause => {
    throw new Error('install "@mikro-orm/migrations" to run migrations', { cause })
  })
}

async function executedNames(storage: MigrationStorage): Promise<string[]> {
  return (await storage.executed()).map(withoutExtension)
}

const withoutExtension = (name: string) => name.replace(/\.m?[jt]s$/, '')

async function runStatements(
  orm: Orm,
  session: MigrationSession,
  { file, direction }: { file: MigrationFile; direction: 'up' | 'down' },
): Promise<void> {
  const migration = await loadMigration(orm, file)
  migration.reset()
  migration.setTransactionContext(session.context)
  await migration[direction]()
  for (const query of migration.getQueries()) {
    await orm.driver.getConnection().execute(query as string, [], 'all', session.context)
  }
}
