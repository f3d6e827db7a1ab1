import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { VERSION } from '../version.ts'
import { type AdapterName, type Framework, hasMigrations, packagesFor } from './scaffold.ts'

const ALWAYS = ['@mikro-orm/core', '@mikro-orm/sql', '@trpc/server', 'zod']

/** A package.json for an application, with the versions of packages that this version of Kernia goes with. */
export function packageManifest({
  name,
  adapter,
  framework,
}: {
  name: string
  adapter: AdapterName
  framework: Framework
}): string {
  const commands = hasMigrations(adapter)
    ? { generate: 'kernia generate --app src/auth.ts', migrate: 'kernia migrate --app src/auth.ts' }
    : adapter === 'mongo'
      ? { migrate: 'kernia migrate --app src/auth.ts' }
      : {}
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { start: 'node --env-file=.env src/server.ts', ...commands },
    dependencies: { ...packageVersions(adapter, framework), kernia: `^${VERSION}` },
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/** The packages that an application needs beside `kernia`, with the versions to ask for. */
export function packageVersions(adapter: AdapterName, framework: Framework): Record<string, string> {
  const ranges = peerRanges()
  const packages = [...ALWAYS, ...packagesFor(adapter, framework)].sort()
  return Object.fromEntries(packages.map(name => [name, versionOf(name, ranges[name] ?? '*')]))
}

/**
 * MikroORM's packages each demand the others in exactly their own version, so a range could find a set that does not
 * fit. The lower end of ours is what this version of Kernia was tested with.
 */
function versionOf(name: string, range: string): string {
  return name.startsWith('@mikro-orm/') ? range.replace(/^\^/, '') : range
}

/** The ranges that our own package.json declares, wherever this file is: the sources or the published package. */
function peerRanges(): Record<string, string | undefined> {
  const file = fileURLToPath(import.meta.resolve('kernia/package.json'))
  return (JSON.parse(readFileSync(file, 'utf8')) as { peerDependencies: Record<string, string> }).peerDependencies
}
