import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { skipWithoutPostgres, startPostgres } from './postgres.ts'
import { withPostgresClient } from './postgres-client.ts'

describe.skipIf(skipWithoutPostgres())('the throw-away PostgreSQL', { timeout: 30_000 }, () => {
  it('starts, creates databases that do not see each other, and stops', async () => {
    const postgres = await startPostgres()
    const [first, second] = [await postgres.createDatabase(), await postgres.createDatabase('with "odd" name')]
    await withPostgresClient(first, client => client.query('CREATE TABLE only_here (id int)'))
    const tables = "SELECT count(*)::int AS n FROM information_schema.tables WHERE table_name = 'only_here'"
    expect((await withPostgresClient(first, client => client.query(tables))).rows).toEqual([{ n: 1 }])
    expect((await withPostgresClient(second, client => client.query(tables))).rows).toEqual([{ n: 0 }])
    await postgres.stop()
    await postgres.stop()
    await expect(withPostgresClient(first, client => client.query('SELECT 1'))).rejects.toThrow()
  })

  it.skipIf(process.env.TEST_PG_URL)('leaves nothing behind when the process that started it is killed', async () => {
    const postgresModule = JSON.stringify(new URL('./postgres.ts', import.meta.url).href)
    const clientModule = JSON.stringify(new URL('./postgres-client.ts', import.meta.url).href)
    const script = `
      const { startPostgres } = await import(${postgresModule})
      const { withPostgresClient } = await import(${clientModule})
      const { url } = await startPostgres()
      const { rows } = await withPostgresClient(url, client => client.query('SHOW data_directory'))
      console.log(JSON.stringify({ url, directory: rows[0].data_directory }))
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
    const [line] = await once(child.stdout, 'data')
    const { url, directory } = JSON.parse(String(line))
    expect(existsSync(directory)).toBe(true)
    child.kill('SIGKILL')
    await expect.poll(() => existsSync(directory), { timeout: 10_000 }).toBe(false)
    await expect(withPostgresClient(url, client => client.query('SELECT 1'))).rejects.toThrow()
  })
})
