import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { type Comparison, compareForMigration, rowsWithoutValue, snapshotOf } from '../../migrations/compare.ts'
import { attribution } from '../../migrations/contributions.ts'
import { migrationsFolder } from '../../migrations/folder.ts'
import { contributed, migrationName, migrationText } from '../../migrations/migration-file.ts'
import { writeSnapshot } from '../../migrations/snapshot.ts'
import { type SqlDatabase, sqlDatabaseOf } from '../database.ts'
import type { LoadedAuth } from '../load-app.ts'
import { note, print } from '../output.ts'

/** What `kernia generate` is asked for. */
export interface GenerateOptions {
  app: string
  output?: string
  dir?: string
  sql?: boolean
  json?: boolean
}

/** Writes a migration for what the database or the snapshot lacks, or prints its SQL. */
export async function generate(auth: LoadedAuth, options: GenerateOptions): Promise<void> {
  const database = await sqlDatabaseOf(auth)
  if (!database) {
    const { id } = auth.context.adapter
    const text = `nothing to do: "${id}" has no tables to migrate`
    print(
      options.json
        ? { status: 'nothing to do', adapter: id }
        : `${text}; \`kernia migrate\` creates its indexes, if any`,
    )
    return
  }
  const compared = { ...database, schema: auth.context.schema, folder: folderOf(options) }
  const comparison = await compareForMigration(database.orm, compared)
  const { plan, unreachable, comparedWith } = comparison
  if (unreachable) note(`the database cannot be reached (${unreachable}); compared with ${comparedWith}`)
  if (plan.up.length === 0) return print(options.json ? { status: 'nothing to do' } : 'nothing to do')
  await refuseWithoutValues(database, comparison)
  const changes = contributed(plan.changes, attribution(auth.context as never))
  if (options.sql) {
    if (options.json) print({ status: 'changed', changes: plan.changes, up: plan.up, down: plan.down })
    else print([...changes.map(line => `-- ${line}`), ...plan.up].join('\n'))
    return
  }
  const file = fileFor(options, comparison)
  writeMigration(auth, { ...database, ...comparison, file })
  writeSnapshot(dirname(file), snapshotOf(compared, plan))
  const path = relative(process.cwd(), file)
  if (options.json) return print({ status: 'written', file: path, changes: plan.changes })
  const folder = dirname(file)
  const isDefault = folder === migrationsFolder(database.orm, undefined)
  const where = isDefault ? '' : ` --dir ${relative(process.cwd(), folder) || '.'}`
  const next = `Review it, then run: kernia migrate --app ${options.app}${where}`
  print([`wrote ${path}`, ...changes.map(line => `  ${line}`), '', next].join('\n'))
}

function folderOf({ output, dir }: GenerateOptions): string | undefined {
  return output ? dirname(resolve(output)) : dir
}

async function refuseWithoutValues({ orm }: SqlDatabase, { plan, comparedWith }: Comparison): Promise<void> {
  if (comparedWith !== 'the database' || plan.unfilled.length === 0) return
  const missing = await rowsWithoutValue(orm, plan)
  if (missing.length === 0) return
  const lines = missing.map(({ table, column, rows }) => `  ${table}.${column}: ${rows} row${rows === 1 ? '' : 's'}`)
  throw new Error(
    ['these columns would be required, and rows that exist have no value for them:', ...lines]
      .concat('Give the field a `defaultValue`, make it `required: false`, or fill the rows first.')
      .join('\n'),
  )
}

function fileFor({ app, output }: GenerateOptions, { folder }: Comparison): string {
  const extension = /\.[mc]?ts(:|$)/.test(app) ? 'ts' : 'js'
  const file = output ? resolve(output) : join(folder, `${migrationName(new Date())}.${extension}`)
  if (!/\.m?[jt]s$/.test(file)) throw new Error(`${file} must end in .ts or .js`)
  if (existsSync(file)) throw new Error(`${file} exists already`)
  return file
}

function writeMigration(
  auth: LoadedAuth,
  { engine, plan, comparedWith, file }: Comparison & SqlDatabase & { file: string },
) {
  const text = migrationText(plan, {
    name: basename(file).replace(/\.m?[jt]s$/, ''),
    language: /ts$/.test(file) ? 'ts' : 'js',
    comparedWith,
    engine,
    attribution: attribution(auth.context as never),
  })
  mkdirSync(dirname(file), { recursive: true })
  // Another generator of the same second must not be written over.
  writeFileSync(file, text, { flag: 'wx' })
}
