import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

// vitest runs the type tests without looking at types; this is what makes a wrong one fail here, too.
it('the type tests compile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kernia-types-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
    files: ['fields.test.ts', 'callers.test.ts'].map(file => join(root, 'test/types', file)),
    include: [],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, 'node_modules/typescript7/bin/tsc')
  const run = promisify(execFile)(process.execPath, [tsc, '-p', folder], { cwd: root })
  const { stdout } = await run.catch((failed: { stdout: string }) => failed)
  // Errors elsewhere are for the type check of the whole to tell.
  expect(stdout.split('\n').filter(line => line.startsWith('test/types/'))).toEqual([])
}, 60_000)
