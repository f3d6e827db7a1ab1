import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLimiter, QueueFull } from '../../src/crypto/limiter.ts'

/** Tasks that end when the test says so. */
function createTasks() {
  const started: number[] = []
  const ends: (() => void)[] = []
  let running = 0
  let most = 0
  const task =
    (id: number, fails = false) =>
    async () => {
      started.push(id)
      most = Math.max(most, ++running)
      await new Promise<void>(resolve => {
        ends[id] = resolve
      })
      running--
      if (fails) throw new Error(`task ${id} failed`)
      return id
    }
  return { task, started, end: (id: number) => ends[id]?.(), most: () => most }
}

const settled = () => new Promise(resolve => setImmediate(resolve))

describe('a limiter', () => {
  it('runs no more than its number at once, the others in order of arrival', async () => {
    const limit = createLimiter(2)
    const { task, started, end, most } = createTasks()
    const results = [0, 1, 2, 3, 4].map(id => limit(task(id)))
    await settled()
    expect(started).toEqual([0, 1])
    end(1)
    await settled()
    expect(started).toEqual([0, 1, 2])
    end(0)
    end(2)
    await settled()
    expect(started).toEqual([0, 1, 2, 3, 4])
    end(3)
    end(4)
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4])
    expect(most()).toBe(2)
  })

  it('lets nobody overtake who waits', async () => {
    const limit = createLimiter(1)
    const { task, started, end } = createTasks()
    const first = limit(task(0)).then(() => limit(task(2)))
    const second = limit(task(1))
    await settled()
    end(0)
    await settled()
    expect(started).toEqual([0, 1])
    end(1)
    await settled()
    end(2)
    await Promise.all([first, second])
  })

  it('refuses a task beyond its queue, without starting it, and takes another once there is room', async () => {
    const limit = createLimiter(1, 2)
    const { task, started, end } = createTasks()
    const waiting = [0, 1, 2].map(id => limit(task(id)))
    await expect(limit(task(3))).rejects.toBeInstanceOf(QueueFull)
    await settled()
    end(0)
    await settled()
    waiting.push(limit(task(4)))
    for (const id of [1, 2, 4]) {
      await settled()
      end(id)
    }
    await Promise.all(waiting)
    expect(started).toEqual([0, 1, 2, 4])
  })

  it('goes on after a task that failed', async () => {
    const limit = createLimiter(1)
    const { task, end } = createTasks()
    const failing = limit(task(0, true))
    const next = limit(task(1))
    await settled()
    end(0)
    await expect(failing).rejects.toThrow('task 0 failed')
    await settled()
    end(1)
    expect(await next).toBe(1)
    await expect(
      limit(() => {
        throw new Error('before it began')
      }),
    ).rejects.toThrow('before it began')
    expect(await limit(async () => 'still open')).toBe('still open')
  })

  it('keeps its number whatever the tasks do (property)', async () => {
    const plan = fc.array(fc.record({ ticks: fc.nat(5), fails: fc.boolean() }), { maxLength: 30 })
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 5 }), plan, async (concurrency, tasks) => {
      const limit = createLimiter(concurrency)
      const order: number[] = []
      let running = 0
      const outcomes = await Promise.allSettled(
        tasks.map(({ ticks, fails }, id) =>
          limit(async () => {
            order.push(id)
            expect(++running).toBeLessThanOrEqual(concurrency)
            for (let i = 0; i < ticks; i++) await Promise.resolve()
            running--
            if (fails) throw new Error('failed')
          }),
        ),
      )
      expect(order).toEqual(tasks.map((_, id) => id))
      expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(tasks.map(({ fails }) => fails))
    })
    await fc.assert(property)
  })
})
