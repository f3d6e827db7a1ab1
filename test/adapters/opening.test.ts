import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { init, mikroOrmAdapter } from '../../src/index.ts'

const secret = 'opening-test-secret-opening-test-secret'
const start = (url: string) =>
  init({ baseURL: 'http://localhost:3000', secret, database: mikroOrmAdapter({ url }), logger: { disabled: true } })
const users = { model: 'user', where: [] } as const

it('is not opened by closing, nor by what comes after it', async () => {
  const auth = start('sqlite::memory:')
  await auth.close()
  await auth.close()
  await expect(auth.context.adapter.count(users)).rejects.toThrow('closed')
})

it('is tried anew after a failure', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kernia-opening-'))
  const auth = start(`sqlite:${join(directory, 'later', 'app.db')}`)
  try {
    await expect(auth.context.adapter.count(users)).rejects.toThrow()
    mkdirSync(join(directory, 'later'))
    await auth.createSchema()
    expect(await auth.context.adapter.count(users)).toBe(0)
  } finally {
    await auth.close()
    rmSync(directory, { recursive: true, force: true })
  }
})
