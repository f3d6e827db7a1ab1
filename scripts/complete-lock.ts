// npm leaves an optional package out of the lock file when the registry it asked did not have it, as mirrors often lack
// the binaries for other platforms. `npm ci` then refuses the lock file everywhere ("Missing: ... from lock file").
// Run after a change of dependencies: adds the entries npm left out, by the version their parent asks for and the
// platform in their name. With --check it only reports.

import { readFileSync, writeFileSync } from 'node:fs'

interface LockEntry {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const lockFile = new URL('../package-lock.json', import.meta.url)
const lock: { packages: Record<string, LockEntry> } = JSON.parse(readFileSync(lockFile, 'utf8'))

const added: string[] = []
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(path, name)) continue
    const platform = platformOf(name)
    if (!platform || !/^\d+\.\d+\.\d+[\w.-]*$/.test(version)) {
      console.error(
        `${name}@${version}, asked for by ${path}, has no exact version or no platform in its name: skipped`,
      )
      continue
    }
    const { os, cpu, libc } = platform
    // In npm's own order of keys, so that its next write changes nothing.
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu,
      ...(entry.dev && { dev: true }),
      ...(libc && { libc }),
      optional: true,
      os,
    }
    added.push(`${name}@${version}`)
  }
}

if (process.argv.includes('--check')) {
  if (added.length > 0) {
    console.error(`package-lock.json lacks ${added.join(', ')}: run \`npm run complete-lock\``)
    process.exitCode = 1
  }
} else if (added.length > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  writeFileSync(lockFile, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
  console.log(`added ${added.join(', ')}`)
}

/** Node's own lookup: the nearest node_modules on the way up from the package that asks. */
function isLocked(from: string, name: string): boolean {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${base ? `${base}/` : ''}node_modules/${name}`]) return true
    if (base === '') return false
  }
}

function platformOf(name: string): (Required<Pick<LockEntry, 'os' | 'cpu'>> & Pick<LockEntry, 'libc'>) | undefined {
  const found = /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)/.exec(name)
  if (!found?.[1] || !found[2]) return undefined
  const libc = name.includes('musl') ? 'musl' : found[1] === 'linux' ? 'glibc' : undefined
  return { os: [found[1]], cpu: [found[2]], ...(libc && { libc: [libc] }) }
}
