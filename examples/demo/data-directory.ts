import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type DataDirectory = { databaseFile: string; pageDirectory: string; secret: string }

/** Creates what the demo keeps between two starts: the database, the built page and a secret only the owner can read. */
export async function openDataDirectory(directory: string): Promise<DataDirectory> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  return {
    databaseFile: join(directory, 'demo.db'),
    pageDirectory: join(directory, 'demo-page'),
    secret: await readOrCreateSecret(join(directory, 'secret')),
  }
}

async function readOrCreateSecret(file: string): Promise<string> {
  const fresh = randomBytes(32).toString('base64url')
  try {
    // 'wx' refuses to overwrite: two servers started at once must not sign with different secrets.
    await writeFile(file, fresh, { flag: 'wx', mode: 0o600 })
    return fresh
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return (await readFile(file, 'utf8')).trim()
  }
}
