import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { plainEnvironment } from './run-cli.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a finished program printed, and how it ended. */
export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** The built package in a `node_modules` beside its peers, as after `npm install`. */
export interface InstalledPackage {
  /** An empty folder where `kernia` and its peers can be imported. */
  createProject(): Promise<Project>
  /** An empty folder; its packages are the business of its own `npm install`. */
  createBareProject(): Promise<Project>
  /** Packs what `npm publish` would send, and resolves to the file. */
  pack(): Promise<string>
  remove(): Promise<void>
}

export interface Project {
  folder: string
  /** Runs `kernia` in the project. */
  kernia(args: string[], env?: Record<string, string>): Promise<Ended>
  npm(...args: string[]): Promise<Ended>
  /** Runs `npm start` on this port, and resolves to the server's address. */
  startServer(port: number): Promise<string>
  /** What the servers have printed. */
  printed(): string
  stopServers(): Promise<void>
}

/** Builds the package into a folder of its own; `dist/` of the repository is left alone. */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'kernia-installed-'))
  const [modules, own] = [join(folder, 'node_modules'), join(folder, 'kernia')]
  await mkdir(modules)
  await mkdir(own)
  await promisify(execFile)(process.execPath, ['scripts/build.ts', join(own, 'dist')], { cwd: root })
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']) {
    await copyFile(join(root, name), join(own, name))
  }
  const repository = join(root, 'node_modules')
  await symlink(repository, join(own, 'node_modules'))
  for (const name of await readdir(repository)) {
    if (!name.startsWith('.')) await symlink(join(repository, name), join(modules, name))
  }
  await symlink(own, join(modules, 'kernia'))
  let projects = 0
  const createBareProject = async () => {
    const project = join(folder, `project-${++projects}`)
    await mkdir(project)
    return openProject(project, join(own, 'dist/src/cli/main.js'))
  }
  return {
    createProject: async () => {
      const project = await createBareProject()
      await symlink(modules, join(project.folder, 'node_modules'))
      return project
    },
    createBareProject,
    pack: async () => {
      const packing = npm(own, ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder])
      const { stdout } = await packing
      return join(folder, stdout.trim())
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

function openProject(folder: string, command: string): Project {
  const running: ChildProcess[] = []
  let printed = ''
  return {
    folder,
    printed: () => printed,
    kernia: (args, env = {}) =>
      finished(spawn(process.execPath, [command, ...args], { cwd: folder, env: { ...plainEnvironment(), ...env } })),
    npm: (...args) => npm(folder, args),
    startServer: async port => {
      const url = `http://localhost:${port}`
      const env = { ...npmEnvironment(), PORT: String(port), KERNIA_BASE_URL: url }
      // A group of its own, since npm starts a shell that starts the server.
      const server = spawn('npm', ['start', '--loglevel=error'], { cwd: folder, env, detached: true })
      running.push(server)
      for (const stream of [server.stdout, server.stderr]) stream.on('data', chunk => (printed += chunk))
      await answering(`${url}/api/auth/ok`, () => (server.exitCode === null ? undefined : printed))
      return url
    },
    stopServers: async () => {
      for (const server of running.splice(0)) {
        if (server.exitCode !== null || server.signalCode !== null || !server.pid) continue
        const ended = once(server, 'close')
        process.kill(-server.pid)
        await ended
      }
    },
  }
}

function npm(cwd: string, args: string[]): Promise<Ended> {
  return finished(spawn('npm', args, { cwd, env: npmEnvironment() }))
}

/** The surrounding `npm test` must not tell the inner npm what to do. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const isOurs = ([name]: [string, unknown]) => /^(npm_|init_cwd$)/i.test(name)
  return Object.fromEntries(Object.entries(plainEnvironment()).filter(entry => !isOurs(entry)))
}

async function finished(program: ChildProcess): Promise<Ended> {
  const ended: Ended = { code: null, stdout: '', stderr: '' }
  program.stdout?.on('data', chunk => (ended.stdout += chunk))
  program.stderr?.on('data', chunk => (ended.stderr += chunk))
  const [code] = await once(program, 'close')
  return { ...ended, code }
}

/** @param gaveUp what the server printed, once it has ended */
async function answering(url: string, gaveUp: () => string | undefined): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 100))) {
    const printed = gaveUp()
    if (printed !== undefined) throw new Error(`the server ended by itself:\n${printed}`)
    if ((await fetch(url).catch(() => undefined))?.ok) return
  }
  throw new Error(`${url} does not answer`)
}
