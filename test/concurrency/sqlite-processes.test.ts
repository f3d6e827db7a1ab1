import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { CORE_MODELS, resolveFullSchema } from '../../src/index.ts'
import { temporaryDirectory } from '../adapters/conformance.ts'
import { closeAfterEach } from '../support/every-database.ts'

const closing = closeAfterEach()
const names = ['one', 'two', 'three']

async function createFile() {
  const url = `sqlite:${join(await temporaryDirectory(), 'shared.db')}`
  const adapter = closing(mikroOrmAdapter({ url })).connect(resolveFullSchema(CORE_MODELS, []))
  return { url, adapter }
}

/** Runs `body` in processes of their own, with `adapter` connected to the file and `name` the process's own. */
async function inProcesses(url: string, body: string): Promise<string[]> {
  const startAt = Date.now() + 3000
  return Promise.all(names.map(name => inProcess(url, { name, startAt, body })))
}

async function inProcess(url: string, { name, startAt, body }: { name: string; startAt: number; body: string }) {
  const index = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)
  const script = `
    const { CORE_MODELS, mikroOrmAdapter, resolveFullSchema } = await import(${index})
    const adapter = mikroOrmAdapter({ url: ${JSON.stringify(url)} }).connect(resolveFullSchema(CORE_MODELS, []))
    const name = ${JSON.stringify(name)}
    const now = new Date()
    // All begin together, however long each took to start.
    await new Promise(resolve => setTimeout(resolve, ${startAt} - Date.now()))
    const user = id => ({ id, name: id, email: id + '@example.com', emailVerified: false, createdAt: now, updatedAt: now })
    ${body}
    await adapter.close()`
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return (await run).stdout.trim()
}

it('several processes write to one file: each waits for the others', async () => {
  const { url, adapter } = await createFile()
  await adapter.createSchema()
  const write = `
    for (let i = 0; i < 100; i++) {
      await adapter.create({ model: 'user', data: user(name + i) })
      await adapter.findOne({ model: 'user', where: [{ field: 'id', value: name + i }] })
    }`
  await inProcesses(url, write)
  expect(await adapter.count({ model: 'user' })).toBe(300)
})

it('a transaction that reads before it writes waits for those of other processes too', async () => {
  const { url, adapter } = await createFile()
  await adapter.createSchema()
  const write = `
    for (let i = 0; i < 100; i++) {
      await adapter.transaction(async () => {
        await adapter.count({ model: 'user' })
        await new Promise(resolve => setTimeout(resolve, 1))
        await adapter.create({ model: 'user', data: user(name + i) })
      })
    }`
  await inProcesses(url, write)
  expect(await adapter.count({ model: 'user' })).toBe(300)
})

it('of several processes exactly one consumes a row', async () => {
  const { url, adapter } = await createFile()
  await adapter.createSchema()
  const ids = Array.from({ length: 100 }, (_, index) => `secret ${index}`)
  const now = new Date()
  for (const id of ids) {
    const data = { id, identifier: id, value: 'proof', expiresAt: now, createdAt: now, updatedAt: now }
    await adapter.create({ model: 'verification', data })
  }
  const consume = `
    const won = []
    for (let i = 0; i < 100; i++) {
      const row = await adapter.consumeOne({ model: 'verification', where: [{ field: 'identifier', value: 'secret ' + i }] })
      if (row) won.push(row.id)
    }
    console.log(won.join())`
  const won = await inProcesses(url, consume)
  expect(won.flatMap(line => line.split(',').filter(Boolean)).sort()).toEqual(ids.sort())
})
