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
  const ranges = peerRanges()
  const packages = [...ALWAYS, ...packagesFor(adapter, framework)].sort()
  const versions = packages.map(name => [name, ranges[name] ?? '*'])
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
    dependencies: { ...Object.fromEntries(versions), kernia: `^${VERSION}` },
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/** The ranges that our own package.json declares, wherever this file is: the sources or the published package. */
function peerRanges(): Record<string, string | undefined> {
  const file = fileURLToPath(import.meta.resolve('kernia/package.json'))
  return (JSON.parse(readFileSync(file, 'utf8')) as { peerDependencies: Record<string, string> }).peerDependencies
}
