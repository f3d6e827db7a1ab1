import { AsyncLocalStorage } from 'node:async_hooks'
import type { Adapter } from './adapters/contract.ts'

/** Several writes that happen all or not at all, and what is to follow once they have. */
export interface UnitOfWork {
  run<T>(work: () => Promise<T>): Promise<T>
  /**
   * Runs `task` after the commit, be it of a transaction that the application opened itself; at once when there is no
   * transaction; never after a rollback.
   */
  afterCommit(task: () => Promise<void>): Promise<void>
}

export function createUnitOfWork(adapter: Adapter): UnitOfWork {
  const pending = new AsyncLocalStorage<(() => Promise<void>)[]>()
  return {
    run: async work => {
      if (pending.getStore()) return work()
      const tasks: (() => Promise<void>)[] = []
      const attempt = () => {
        // An adapter may have to start anew; what the first attempt wrote is undone.
        tasks.length = 0
        return work()
      }
      const result = await pending.run(tasks, () => adapter.transaction(attempt))
      await follow(adapter, tasks)
      return result
    },
    afterCommit: async task => {
      const tasks = pending.getStore()
      if (tasks) tasks.push(task)
      else await follow(adapter, [task])
    },
  }
}

/** The application may have opened a transaction around ours: until that one commits, nothing has happened. */
async function follow(adapter: Adapter, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const run = async () => {
    for (const task of tasks) await task()
  }
  if (tasks.length > 0 && !adapter.afterOuterCommit?.(run)) await run()
}
