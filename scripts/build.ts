// Emits the published files to dist/, or to the folder given as the first argument. The folder is emptied first: a
// renamed module must not stay published. Declarations are one file a module, of those that a way in leads to. Scripts are one file for each way in, and
// chunks for what those share: loading hundreds of modules takes longer than running them.

import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Every application loads it whole. */
const INSTANCE = ['src/index.ts']
/** They start without an instance, and with little. */
const WITHOUT_INSTANCE = ['clients/trpc-client.ts', 'src/cli/main.ts']
const target = resolve(root, process.argv[2] ?? 'dist')

if (existsSync(join(target, 'package.json'))) throw new Error(`${target} is a project, not a folder for emitted files`)
rmSync(target, { recursive: true, force: true })
const tsc = ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', target]
const { status } = spawnSync(process.execPath, tsc, { cwd: root, stdio: 'inherit' })
if (status === 0) {
  nameEmittedFiles(target)
  removeUnreachableDeclarations(target)
  await bundle(waysIn())
}
process.exitCode = status ?? 1

/** The compiler leaves the names of modules in declarations as they were written, `./x.ts`. */
function nameEmittedFiles(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue
    const file = join(folder, name)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace(/((?:from|import) ?\(?)(['"])(\.{1,2}\/[^'"]+)\.ts\2/g, '$1$2$3.js$2'))
  }
}

/** More than half of the modules are behind no type that a user sees. */
function removeUnreachableDeclarations(folder: string): void {
  const reached = new Set<string>()
  const visit = (file: string): void => {
    // An example in a comment may import what is nowhere.
    if (reached.has(file) || !existsSync(file)) return
    reached.add(file)
    const text = readFileSync(file, 'utf8')
    for (const [, path = ''] of text.matchAll(/(?:from|import) ?\(?['"](\.{1,2}\/[^'"]+)\.js['"]/g)) {
      visit(join(dirname(file), `${path}.d.ts`))
    }
  }
  for (const way of waysIn()) visit(join(folder, `${way}.d.ts`))
  for (const name of globSync('**/*.d.ts', { cwd: folder })) {
    if (!reached.has(join(folder, name))) rmSync(join(folder, name))
  }
}

/** The modules behind `exports` and `bin` of package.json, without their extension. */
function waysIn(): string[] {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, { default: string } | string>
    bin: Record<string, string>
  }
  const files = [
    ...Object.values(exports).map(way => (typeof way === 'string' ? way : way.default)),
    ...Object.values(bin),
  ]
  const patterns = files
    .filter(file => file.endsWith('.js'))
    .map(file => file.replace(/^(\.\/)?dist\//, '').replace(/js$/, 'ts'))
  return globSync(patterns, { cwd: root }).map(file => file.replace(/\.ts$/, ''))
}

async function bundle(modules: readonly string[]): Promise<void> {
  let kernel: ReadonlySet<string> | undefined
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node22',
      minify: false,
      emptyOutDir: false,
      outDir: target,
      rolldownOptions: {
        input: Object.fromEntries(modules.map(module => [module, join(root, `${module}.ts`)])),
        external: name => !/^[./]/.test(name),
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name].js',
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [
              {
                debugName: 'kernel',
                name: (module, graph) => {
                  kernel ??= kernelOf(id => graph.getModuleInfo(id)?.importedIds ?? [])
                  return kernel.has(module) ? 'kernel' : null
                },
              },
            ],
          },
        },
      },
    },
  })
}

/** The modules that an instance always loads make one chunk. Cut by which plugins share them, they were forty. */
function kernelOf(importsOf: (module: string) => readonly string[]): ReadonlySet<string> {
  const reachedFrom = (starts: readonly string[]): Set<string> => {
    const reached = new Set(starts.map(start => join(root, start)))
    // What is added to a set while it is gone through is come to as well.
    for (const module of reached) for (const imported of importsOf(module)) reached.add(imported)
    return reached
  }
  const light = reachedFrom(WITHOUT_INSTANCE)
  return new Set([...reachedFrom(INSTANCE)].filter(module => !light.has(module)))
}
