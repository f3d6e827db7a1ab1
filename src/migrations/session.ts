import type { Transaction } from '@mikro-orm/core'
import { type Kysely, sql } from 'kysely'
import type { Orm } from './orm.ts'

/** How long a migrator waits for another one to finish, in milliseconds. */
const LOCK_WAIT_MS = 120_000
/** Number of PostgreSQL's advisory lock: the bytes of `kernia`. */
const LOCK_NUMBER = 0x6b65726e6961

/** One connection, to which all that a migrator does is sent. */
export interface MigrationSession {
  /** What MikroORM takes for the transaction to run statements in. */
  context: Transaction
  execute(statement: string): Promise<Record<string, unknown>[]>
  /** Runs `work` in a transaction, or as one statement after the other where the engine cannot undo `create table`. */
  atomically<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Runs `work` on one connection while no other migrator is at work on the same database. Another one is waited for.
 * @throws when it takes longer than two minutes
 */
export async function withMigrationSession<T>(
  { orm, engine }: { orm: Orm; engine: string },
  work: (session: MigrationSession) => Promise<T>,
): Promise<T> {
  const connection = orm.driver.getConnection()
  await orm.connect()
  return connection
    .getClient()
    .connection()
    .execute(async (pinned: Kysely<unknown>) => {
      const context = pinned as unknown as Transaction
      const execute = async (statement: string) => {
        const { rows } = await sql.raw<Record<string, unknown>>(statement).execute(pinned)
        return rows
      }
      const lock = LOCKS[engine]
      if (!lock) throw new Error(`migrations are not supported on ${engine}`)
      return lock(execute, atomically => work({ context, execute, atomically }))
    })
}

type Execute = MigrationSession['execute']
type Lock = <T>(execute: Execute, work: (atomically: MigrationSession['atomically']) => Promise<T>) => Promise<T>

/** SQLite locks the file for the length of a transaction; foreign keys can be turned off before it only. */
const sqliteLock: Lock = async (execute, work) => {
  const [before] = await execute('pragma foreign_keys')
  await execute('pragma foreign_keys = off')
  try {
    return await work(async change => {
      await beginWhenFree(execute)
      return endTransaction(execute, async () => {
        const result = await change()
        // What a migration left dangling must not be committed.
        const broken = await execute('pragma foreign_key_check')
        if (broken.length > 0) throw new Error(`rows of "${broken[0]?.table}" would refer to rows that do not exist`)
        return result
      })
    })
  } finally {
    if (before?.foreign_keys === 1) await execute('pragma foreign_keys = on')
  }
}

const postgresLock: Lock = async (execute, work) => {
  await execute(`set lock_timeout = ${LOCK_WAIT_MS}`)
  await execute(`select pg_advisory_lock(${LOCK_NUMBER})`)
  try {
    return await work(async change => {
      await execute('begin')
      return endTransaction(execute, change)
    })
  } finally {
    await execute(`select pg_advisory_unlock(${LOCK_NUMBER})`)
    await execute('reset lock_timeout')
  }
}

const mysqlLock: Lock = async (execute, work) => {
  const name = "concat('kernia_migrate_', left(sha2(database(), 256), 40))"
  const [taken] = await execute(`select get_lock(${name}, ${LOCK_WAIT_MS / 1000}) as taken`)
  if (Number(taken?.taken) !== 1) throw new Error('another migrator is at work on this database')
  try {
    return await work(change => change())
  } finally {
    await execute(`select release_lock(${name})`)
  }
}

const LOCKS: Record<string, Lock | undefined> = {
  sqlite: sqliteLock,
  postgresql: postgresLock,
  mysql: mysqlLock,
  mariadb: mysqlLock,
}

async function beginWhenFree(execute: Execute): Promise<void> {
  for (const end = Date.now() + LOCK_WAIT_MS; ; await new Promise(resolve => setTimeout(resolve, 50))) {
    try {
      return void (await execute('begin immediate'))
    } catch (error) {
      if (!/locked|busy/i.test(String(error)) || Date.now() > end) throw error
    }
  }
}

async function endTransaction<T>(execute: Execute, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    await execute('commit')
    return result
  } catch (error) {
    // What went wrong is the error to tell, not that the engine had rolled back by itself.
    await execute('rollback').catch(() => undefined)
    throw error
  }
}
