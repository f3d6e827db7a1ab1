import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

const APP = `
import { init, memoryAdapter, mikroOrmAdapter } from '${root}src/index.ts'

const options = { baseURL: 'https://app.example', secret: 'a-secret-of-the-application-0123456789' }
export const auth = init({ ...options, database: mikroOrmAdapter({ url: 'sqlite:./never-opened.db' }) })
export const other = init({ ...options, basePath: '/other', database: memoryAdapter() })
export const something = { else: true }
`

async function folderWithApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kernia-cli-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'app.ts'), APP)
  return folder
}

function kernia(cwd: string, ...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [join(root, 'src/cli/main.ts'), ...args], { cwd }, (error, stdout, stderr) =>
      resolve({ status: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

describe('kernia openapi', () => {
  it('prints the document of the instance that a module exports, without opening its database', async () => {
    const folder = await folderWithApp()
    const { status, stdout, stderr } = await kernia(folder, 'openapi', '--app', 'app.ts')
    expect([status, stderr]).toEqual([0, ''])
    const document = JSON.parse(stdout)
    expect(document.servers).toEqual([{ url: 'https://app.example/api/auth' }])
    expect(document.paths['/sign-in/email'].post.operationId).toBe('signInEmail')
    expect(await readdir(folder)).toEqual(['app.ts'])
  })

  it('takes the name of the export, and writes to a file', async () => {
    const folder = await folderWithApp()
    const { status, stdout } = await kernia(folder, 'openapi', '--app', 'app.ts:other', '--output', 'document.json')
    expect([status, stdout]).toEqual([0, ''])
    const document = JSON.parse(await readFile(join(folder, 'document.json'), 'utf8'))
    expect(document.servers).toEqual([{ url: 'https://app.example/other' }])
  })

  it.each([
    [['openapi'], /--app/],
    [['openapi', '--app', 'missing.ts'], /there is no file .*missing\.ts/],
    [['openapi', '--app', 'app.ts:something'], /app\.ts exports no auth instance named "something"/],
    [['openapi', '--app', 'app.ts:nothing'], /app\.ts exports no auth instance named "nothing"/],
    [['opanapi'], /unknown command/],
  ])('says what is wrong with %j', async (args, message) => {
    const { status, stdout, stderr } = await kernia(await folderWithApp(), ...args)
    expect(status).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})
