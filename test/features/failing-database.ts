import { expect } from 'vitest'
import type { Fields, InitOptions, Row } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import type { OpenDatabase } from '../support/every-database.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { type Answer, type Visitor, visit } from '../support/visitor.ts'

const MODELS = ['user', 'account', 'session', 'verification']

type Dump = Record<string, Row[]>

/** An instance whose database fails when a test wants it to. */
export async function startFailing(open: OpenDatabase, options: InitOptions<readonly [], Fields, Fields> = {}) {
  const database = countingDatabase(await open())
  const test = createTestAuth({ ...options, database })
  await test.auth.createSchema()
  const { adapter } = test.auth.context
  const dump = async (): Promise<Dump> => {
    const { failure } = database
    database.failure = undefined
    const tables = await Promise.all(MODELS.map(async model => [model, await adapter.findMany({ model, where: [] })]))
    database.failure = failure
    return Object.fromEntries(tables)
  }
  /** Makes the call of this number fail, counting from now. */
  const failAt = (number: number) => {
    let calls = 0
    database.calls.length = 0
    database.failure = () => (++calls === number ? new Error(`call ${number} failed`) : undefined)
  }
  const heal = () => {
    database.failure = undefined
  }
  return { ...test, database, dump, failAt, heal, visit: () => visit(test.auth) }
}

export type FailingInstance = Awaited<ReturnType<typeof startFailing>>

export interface FailEach {
  start(): Promise<FailingInstance>
  prepare(instance: FailingInstance): Promise<Visitor>
  request(visitor: Visitor, instance: FailingInstance): Promise<Answer>
  check(instance: FailingInstance, before: Dump): Promise<void>
}

/**
 * Lets each call of the adapter that a request makes before its answer fail in turn, and hands on what came of it.
 * @returns how many there were
 */
export async function failEach({ start, prepare, request, check }: FailEach): Promise<number> {
  for (let number = 1; ; number++) {
    const instance = await start()
    const visitor = await prepare(instance)
    const before = await instance.dump()
    instance.failAt(number)
    const { status, body, setCookies } = await request(visitor, instance)
    // What goes on after the answer may fail without it.
    const isAfterwards = instance.log.every(({ message }) => message === 'a background task failed')
    if (status < 400 && isAfterwards) return number - 1
    expect([number, status, body.code]).toEqual([number, 500, 'INTERNAL_SERVER_ERROR'])
    expect(JSON.stringify(body)).not.toContain('failed')
    expect(setCookies).toEqual({})
    expect(instance.log).toHaveLength(1)
    await check(instance, before)
    // What failed can be tried again.
    instance.heal()
    expect((await request(visitor, instance)).status).toBeLessThan(400)
  }
}
