import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const manifest: { devDependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)

/** An empty project outside of the repository, with the packed tarball installed as a user would. */
export interface ConsumerProject {
  folder: string
  /** Adds packages in the versions this repository is tested with. */
  install(packages: string[]): Promise<void>
  write(file: string, text: string): void
  /** Starts a TypeScript or JavaScript file with the running Node. */
  start(file: string, env: Record<string, string>, args?: string[]): ChildProcess
  /** What the oldest supported compiler has against `files` and, unless `skipLibCheck`, against our declarations. */
  typeErrors(files: string[], options: TypeCheckOptions): Promise<string[]>
  remove(): void
}

export interface TypeCheckOptions {
  moduleResolution: 'nodenext' | 'bundler'
  skipLibCheck: boolean
}

/** Builds, packs and installs the tarball together with `packages`. */
export async function createConsumerProject(packages: string[]): Promise<ConsumerProject> {
  const folder = mkdtempSync(join(tmpdir(), 'kernia-consumer-'))
  await npm(root, 'pack', '--pack-destination', folder)
  const tarball = readdirSync(folder).find(name => name.endsWith('.tgz'))
  if (!tarball) throw new Error('npm pack wrote no tarball')
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n')
  const install = async (added: string[]) => {
    const pinned = added.map(name =>
      name in manifest.devDependencies ? `${name}@${manifest.devDependencies[name]}` : name,
    )
    await npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', ...pinned)
  }
  await install([`./${tarball}`, ...packages])
  return {
    folder,
    install,
    write: (file, text) => writeFileSync(join(folder, file), text),
    start: (file, env, args = []) =>
      spawn(process.execPath, [file, ...args], { cwd: folder, env: { ...plainEnv(), ...env } }),
    typeErrors: (files, options) => typeErrors(folder, files, options),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

async function typeErrors(folder: string, files: string[], { moduleResolution, skipLibCheck }: TypeCheckOptions) {
  const compilerOptions = {
    target: 'es2023',
    module: moduleResolution === 'nodenext' ? 'nodenext' : 'esnext',
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck,
    types: ['node'],
  }
  const config = join(folder, `tsconfig.${moduleResolution}.json`)
  writeFileSync(config, JSON.stringify({ compilerOptions, files }))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const output = await run(process.execPath, [tsc, '-p', config, '--pretty', 'false'], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  })
    .then(({ stdout }) => stdout)
    .catch((error: { stdout?: string }) => error.stdout ?? String(error))
  const lines = output.split('\n').filter(line => line.includes('error TS'))
  // What other packages' declarations say among themselves is not ours.
  return lines.filter(line => !line.startsWith('node_modules/') || line.startsWith('node_modules/kernia/'))
}

/** The surrounding `npm test` must not tell the inner npm what to do. */
function plainEnv(): NodeJS.ProcessEnv {
  const ours = ([name]: [string, unknown]) => /^(npm_|vitest|node_env$|node_options$|init_cwd$|test$)/i.test(name)
  return Object.fromEntries(Object.entries(process.env).filter(entry => !ours(entry)))
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  await run('npm', [...args, '--loglevel=error'], { cwd, env: plainEnv(), maxBuffer: 2 ** 26 })
}
