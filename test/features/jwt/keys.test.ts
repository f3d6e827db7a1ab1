import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { jwt } from '../../../routers/jwt/index.ts'
import { mikroOrmAdapter } from '../../../src/index.ts'
import { temporaryDirectory } from '../../adapters/conformance.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { kidOf } from './start.ts'

describeEveryInstance('keys of several instances on one database', start => {
  const startSeveral = async () => {
    const first = await start({ plugins: [jwt()] })
    const database = { connect: () => first.auth.context.adapter }
    const others = [1, 2, 3].map(() => createTestAuth({ plugins: [jwt()], database, clock: first.clock.now }))
    return { ...first, callers: [first, ...others].map(({ auth }) => auth.caller()) as unknown as Caller[] }
  }
  interface Caller {
    jwt: {
      sign(input: { payload: object }): Promise<{ token: string }>
      verify(input: { token: string }): Promise<{ payload: { sub?: string } | null }>
      jwks(): Promise<{ keys: { kid: string }[] }>
      rotateKeys(): Promise<{ kid: string }>
    }
  }

  it('the first is made once, however many need it at the same moment', async () => {
    const { callers, rows, auth } = await startSeveral()
    const sign = (index: number) => callers[index % callers.length]?.jwt.sign({ payload: { sub: `s${index}` } })
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => sign(index)))
    const [row, ...more] = await rows('jwks')
    expect(more).toEqual([])
    expect(new Set(tokens.map(answer => kidOf(answer?.token ?? '')))).toEqual(new Set([row?.id]))
    expect(row).toMatchObject({ generation: 1, expiresAt: null, createdAt: auth.context.now() })
    for (const [index, caller] of callers.entries()) {
      const { payload } = await caller.jwt.verify({ token: tokens[19 - index]?.token ?? '' })
      expect(payload?.sub).toBe(`s${19 - index}`)
    }
  })

  it('the next is made once, and all of them change to it', async () => {
    const { callers, rows, clock } = await startSeveral()
    await Promise.all(callers.map(caller => caller.jwt.jwks()))
    const made = await Promise.all([...callers, ...callers].map(caller => caller.jwt.rotateKeys()))
    expect(new Set(made.map(({ kid }) => kid)).size).toBe(1)
    expect(await rows('jwks')).toHaveLength(2)
    clock.advance(3600)
    const tokens = await Promise.all(callers.map(caller => caller.jwt.sign({ payload: { sub: 'x' } })))
    expect(new Set(tokens.map(({ token }) => kidOf(token)))).toEqual(new Set([made[0]?.kid]))
  })
})

it('the tables and columns have the names that the application gives them', async () => {
  const { auth } = createTestAuth({
    database: mikroOrmAdapter({ url: 'sqlite::memory:' }),
    plugins: [jwt({ schema: { jwks: { modelName: 'signing_keys', fields: { publicKey: 'public_key' } } } })],
  })
  await auth.createSchema()
  expect((await auth.caller().jwt.jwks()).keys).toHaveLength(1)
  expect(auth.context.schema.jwks).toMatchObject({
    modelName: 'signing_keys',
    fields: { publicKey: { fieldName: 'public_key' } },
  })
  await auth.close()
})

it('several processes make one key', async () => {
  const url = `sqlite:${join(await temporaryDirectory(), 'keys.db')}`
  const { auth } = createTestAuth({ database: mikroOrmAdapter({ url }), plugins: [jwt()] })
  await auth.createSchema()
  const index = JSON.stringify(new URL('../../../src/index.ts', import.meta.url).href)
  const plugin = JSON.stringify(new URL('../../../routers/jwt/index.ts', import.meta.url).href)
  const startAt = Date.now() + 3000
  const script = `
    const { init, mikroOrmAdapter } = await import(${index})
    const { jwt } = await import(${plugin})
    const database = mikroOrmAdapter({ url: ${JSON.stringify(url)} })
    const secret = 'a-secret-that-all-processes-share-0123456789'
    const auth = init({ baseURL: 'http://localhost:3000', secret, database, plugins: [jwt()] })
    // All begin together, however long each took to start.
    await new Promise(resolve => setTimeout(resolve, ${startAt} - Date.now()))
    const { token } = await auth.caller().jwt.sign({ payload: { sub: 'x' } })
    console.log(token)
    await auth.close()`
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  const tokens = (await Promise.all([run(), run(), run()])).map(({ stdout }) => stdout.trim())
  expect(await auth.context.adapter.count({ model: 'jwks' })).toBe(1)
  expect(new Set(tokens.map(kidOf)).size).toBe(1)
  await auth.close()
}, 30_000)
