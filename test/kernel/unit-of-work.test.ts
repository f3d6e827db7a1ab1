import { describe, expect, it } from 'vitest'
import { CORE_MODELS, memoryAdapter, resolveFullSchema } from '../../src/index.ts'
import { createUnitOfWork } from '../../src/unit-of-work.ts'

function createUnit() {
  const adapter = memoryAdapter().connect(resolveFullSchema(CORE_MODELS, []))
  const events: string[] = []
  const note = (event: string) => async () => void events.push(event)
  const write = (id: string) => adapter.create({ model: 'user', data: { id, email: id, name: id } })
  const written = async () => (await adapter.findMany({ model: 'user', where: [] })).map(({ id }) => id)
  return { unit: createUnitOfWork(adapter), events, note, write, written }
}

describe('what is to follow a unit of work', () => {
  it('runs after the commit, in the order in which it was said', async () => {
    const { unit, events, note, write, written } = createUnit()
    const result = await unit.run(async () => {
      await unit.afterCommit(note('first'))
      await write('a')
      await unit.afterCommit(async () => void events.push(`second, with ${await written()}`))
      await unit.afterCommit(note('third'))
      events.push('end of work')
      return 'result'
    })
    expect(result).toBe('result')
    expect(events).toEqual(['end of work', 'first', 'second, with a', 'third'])
  })

  it('does not run when the work failed', async () => {
    const { unit, events, note, write, written } = createUnit()
    const work = unit.run(async () => {
      await write('a')
      await unit.afterCommit(note('never'))
      throw new Error('failed')
    })
    await expect(work).rejects.toThrow('failed')
    expect(events).toEqual([])
    expect(await written()).toEqual([])
  })

  it('runs once when the adapter had to start the transaction anew', async () => {
    const adapter = memoryAdapter().connect(resolveFullSchema(CORE_MODELS, []))
    const undone = (work: () => Promise<unknown>) =>
      adapter.transaction(async () => {
        await work()
        throw new Error('another transaction was in the way')
      })
    const transaction: typeof adapter.transaction = async work => {
      await undone(work).catch(() => undefined)
      return adapter.transaction(work)
    }
    const unit = createUnitOfWork({ ...adapter, transaction })
    const events: string[] = []
    await unit.run(() => unit.afterCommit(async () => void events.push('after')))
    expect(events).toEqual(['after'])
  })

  it('runs at once when there is no unit of work', async () => {
    const { unit, events, note } = createUnit()
    await unit.afterCommit(note('at once'))
    expect(events).toEqual(['at once'])
  })

  it('waits for the outermost one', async () => {
    const { unit, events, note } = createUnit()
    await unit.run(async () => {
      await unit.run(() => unit.afterCommit(note('after')))
      events.push('still inside')
    })
    expect(events).toEqual(['still inside', 'after'])
  })

  it('is lost with an outer one that failed', async () => {
    const { unit, events, note, write, written } = createUnit()
    const work = unit.run(async () => {
      await unit.run(async () => {
        await write('a')
        await unit.afterCommit(note('never'))
      })
      throw new Error('failed')
    })
    await expect(work).rejects.toThrow('failed')
    expect(events).toEqual([])
    expect(await written()).toEqual([])
  })

  it('may begin a unit of work of its own', async () => {
    const { unit, events, note, write, written } = createUnit()
    await unit.run(() =>
      unit.afterCommit(() =>
        unit.run(async () => {
          await write('a')
          await unit.afterCommit(note('inner'))
        }),
      ),
    )
    expect(events).toEqual(['inner'])
    expect(await written()).toEqual(['a'])
  })

  it('is told apart from that of others at the same time', async () => {
    const { unit, events, note, written, write } = createUnit()
    const run = (id: string) =>
      unit.run(async () => {
        await write(id)
        await unit.afterCommit(note(id))
        if (id === 'b') throw new Error('failed')
      })
    await Promise.allSettled(['a', 'b', 'c'].map(run))
    expect(events).toEqual(['a', 'c'])
    expect(await written()).toEqual(['a', 'c'])
  })
})
