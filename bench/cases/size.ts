import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { betterAuth16, betterAuth17, KERNIA } from '../contestants.ts'
import type { Measurement } from '../measurement.ts'
import { spread } from '../statistics.ts'

export const SIZE = 'size'

const root = fileURLToPath(new URL('../../', import.meta.url))

interface Manifest {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean } | undefined>
}

/**
 * What a server with six plugins and SQLite has on its disk: the package and all that it needs. Then the same with a command
 * line that writes and runs migrations, with API keys and with passkeys. All of it is in Kernia's package, which needs one more
 * for migrations and one for passkeys; of Better Auth they are three packages more.
 */
export async function runSize(): Promise<Measurement[]> {
  const own = await packedBytes()
  const kernia = (...more: string[]) => own + bytesOf(closureOf(more, closure(root, new Set())))
  const server = [
    { contestant: KERNIA, bytes: kernia() },
    { contestant: betterAuth16.name, bytes: bytesOf(closureOf(['better-auth'])) },
    { contestant: betterAuth17.name, bytes: bytesOf(closureOf(['better-auth-1.7'])) },
  ]
  const more = ['auth', '@better-auth/api-key', '@better-auth/passkey']
  const complete = [
    { contestant: KERNIA, bytes: kernia('@mikro-orm/migrations', '@simplewebauthn/server') },
    { contestant: betterAuth16.name, bytes: bytesOf(closureOf(['better-auth', ...more])) },
  ]
  return [
    ...measurements('installed, with all it needs', server),
    ...measurements('installed, with command line, API keys and passkeys', complete),
  ]
}

function measurements(name: string, rows: readonly { contestant: string; bytes: number }[]): Measurement[] {
  return rows.map(({ contestant, bytes }) => ({
    case: `${SIZE}: ${name}`,
    contestant,
    unit: 'MB',
    value: spread([bytes / 2 ** 20]),
  }))
}

/** Our own files as they are published. */
async function packedBytes(): Promise<number> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root })
  const [packed] = JSON.parse(stdout) as { unpackedSize: number }[]
  return packed?.unpackedSize ?? 0
}

function closureOf(names: readonly string[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    const folder = join(root, 'node_modules', name)
    found.add(folder)
    closure(folder, found)
  }
  return found
}

/** The compiler is a peer of tRPC's, and the same for every application written in TypeScript. */
const COMPILER = 'typescript'

/** The folders of all packages that the package in `folder` needs, the peers that are not optional among them. */
function closure(folder: string, found: Set<string>): Set<string> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const { dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} } = manifest
  const peers = Object.keys(peerDependencies).filter(name => !peerDependenciesMeta[name]?.optional)
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
    const at = resolve(folder, name)
    if (!at || found.has(at) || name === COMPILER) continue
    found.add(at)
    closure(at, found)
  }
  return found
}

/** As Node looks for packages: in the nearest `node_modules`. Those of other platforms are not there. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === dirname(folder)) return undefined
  }
}

function bytesOf(folders: Iterable<string>): number {
  let bytes = 0
  for (const folder of folders) bytes += bytesIn(folder)
  return bytes
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .reduce((sum, entry) => {
      const path = join(folder, entry.name)
      return sum + (entry.isDirectory() ? bytesIn(path) : entry.isFile() ? statSync(path).size : 0)
    }, 0)
}
