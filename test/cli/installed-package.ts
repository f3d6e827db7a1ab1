import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

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
  remove(): Promise<void>
}

export interface Project {
  folder: string
  /** Runs `kernia` in the project. */
  kernia(args: string[], env?: Record<string, string>): Promise<Ended>
  /** Starts the scaffold's server on a free port, as its `npm start` does, and resolves to its address. */
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
  await copyFile(join(root, 'package.json'), join(own, 'package.json'))
  const repository = join(root, 'node_modules')
  await symlink(repository, join(own, 'node_modules'))
  for (const name of await readdir(repository)) {
    if (!name.startsWith('.')) await symlink(join(repository, name), join(modules, name))
  }
  await symlink(own, join(modules, 'kernia'))
  let projects = 0
  return {
    createProject: async () => {
      const project = join(folder, `project-${++projects}`)
      await mkdir(project)
      await symlink(modules, join(project, 'node_modules'))
      return openProject(project, join(own, 'dist/src/cli/main.js'))
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
    kernia: (args, env = {}) => finished(spawn(process.execPath, [command, ...args], { cwd: folder, env: plain(env) })),
    startServer: async port => {
      const url = `http://localhost:${port}`
      const env = plain({ PORT: String(port), KERNIA_BASE_URL: url })
      const server = spawn(process.execPath, ['--env-file=.env', 'src/server.ts'], { cwd: folder, env })
      running.push(server)
      for (const stream of [server.stdout, server.stderr]) stream.on('data', chunk => (printed += chunk))
      await answering(`${url}/api/auth/ok`, () => (server.exitCode === null ? undefined : printed))
      return url
    },
    stopServers: async () => {
      for (const server of running.splice(0)) {
        server.kill()
        if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
      }
    },
  }
}

/** Without what the test runner sets: applications do not run with it. */
function plain(env: Record<string, string>): NodeJS.ProcessEnv {
  const { NODE_ENV: _, VITEST: __, TEST: ___, NODE_OPTIONS: ____, ...rest } = process.env
  return { ...rest, ...env }
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
