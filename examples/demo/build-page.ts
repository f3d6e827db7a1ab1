import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const sourceDirectory = fileURLToPath(new URL('./page/', import.meta.url))
const buildScript = fileURLToPath(new URL('./vite-build.ts', import.meta.url))
const lockFile = fileURLToPath(new URL('../../package-lock.json', import.meta.url))

/** Builds the page into `outDir` unless what is there was built from the same sources and packages. */
export async function buildPageIfStale(outDir: string): Promise<void> {
  const stampFile = join(outDir, '.sources')
  const stamp = await hashSources()
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return
  // In a process of its own, because Vite sets NODE_ENV for the whole process and auth must not start to believe it.
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, [buildScript, outDir], { env })
  await writeFile(stampFile, stamp)
}

async function hashSources(): Promise<string> {
  const entries = await readdir(sourceDirectory, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const hash = createHash('sha256')
  for (const file of [...files.sort(), buildScript, lockFile])
    hash.update(file).update(await readFile(file).catch(() => ''))
  return hash.digest('hex')
}
