import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { listProcedures, restRoutes } from '../../src/meta.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'
import { everyPlugin } from './every-plugin.ts'

const start = () => createTestAuth({ plugins: everyPlugin() }).auth

describe('with every plugin at once', () => {
  it('a session is read with the one query that it takes without any', async () => {
    const queries = async (plugins: ReturnType<typeof everyPlugin> | []) => {
      const database = countingDatabase(memoryAdapter())
      const browser = visit(createTestAuth({ plugins, database }).auth)
      await browser.post('/sign-up/email', ann)
      database.calls.length = 0
      expect((await browser.get('/get-session')).body.user?.email).toBe(ann.email)
      return database.calls
    }
    // The token that the jwt plugin sends beside it is signed with a key that is read once.
    const all = (await queries(everyPlugin())).filter(call => !call.endsWith(' jwks'))
    expect(all).toEqual(await queries([]))
    expect(all).toHaveLength(1)
  })

  it('each procedure declares who may call it, and what it answers [control 47]', async () => {
    const { router } = start()
    const procedures = listProcedures(router as never)
    expect(procedures.map(({ path }) => path)).toEqual(Object.keys(router._def.procedures))
    const surface = procedures.map(({ path, type, meta, output }) => {
      expect(output, path).toBeDefined()
      const lines = restRoutes(meta).map(route => `${route.method} ${route.path}`)
      const policy = `${meta.access}${meta.ownerOnly ? ', owner only' : ''}`
      return `${policy.padEnd(21)} ${type.padEnd(8)} ${path}: ${lines.join(', ')}`
    })
    await expect(`${surface.sort().join('\n')}\n`).toMatchFileSnapshot('surface.txt')
  })

  it('what only the application calls is in nothing that is served [A41, control 49]', async () => {
    const auth = start()
    const served = new Set(listProcedures(auth.router as never).map(({ path }) => path))
    const own = [...auth.context.procedures.values()].filter(({ meta }) => meta.serverOnly)
    expect(own.length).toBeGreaterThan(5)
    const document = JSON.stringify(auth.openApiDocument())
    const browser = visit(auth)
    await browser.post('/sign-up/email', ann)
    for (const { path, meta } of own) {
      expect(served.has(path), path).toBe(false)
      expect(restRoutes(meta), path).toEqual([])
      expect(document).not.toContain(`"${meta.operationId}"`)
      const input = encodeURIComponent('{}')
      expect((await browser.post(`/trpc/${path}`, {})).status, path).toBe(404)
      expect((await browser.get(`/trpc/${path}?input=${input}`)).status, path).toBe(404)
      const words = path.replaceAll('.', '/').replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
      for (const guess of [`/${words}`, `/${path}`, `/${path.replaceAll('.', '/')}`]) {
        expect([guess, (await browser.post(guess, {})).body.code]).toEqual([guess, 'NOT_FOUND'])
      }
    }
  })
})
