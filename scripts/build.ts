// Emits the published files to dist/, or to the folder given as the first argument. The folder is emptied first: a
// renamed module must not stay published.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = resolve(root, process.argv[2] ?? 'dist')

if (existsSync(join(target, 'package.json'))) throw new Error(`${target} is a project, not a folder for emitted files`)
rmSync(target, { recursive: true, force: true })
const tsc = ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', target]
const { status } = spawnSync(process.execPath, tsc, { cwd: root, stdio: 'inherit' })
if (status === 0) nameEmittedFiles(target)
process.exitCode = status ?? 1

/** The compiler rewrites `./x.ts` to `./x.js` in what it emits, but leaves declarations as they were written. */
function nameEmittedFiles(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue
    const file = join(folder, name)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace(/((?:from|import) ?\(?)(['"])(\.{1,2}\/[^'"]+)\.ts\2/g, '$1$2$3.js$2'))
  }
}
