import { AsyncLocalStorage } from 'node:async_hooks'
import type { Adapter } from './adapters/contract.ts'

/** Several writes that happen all or not at all, and what is to follow once they have. */
export interface UnitOfWork {
  run<T>(work: () => Promise<T>): Promise<T>
  /** Runs `task` after the commit; at once when there is no transaction; never after a rollback. */
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
      for (const task of tasks) await task()
      return result
    },
    afterCommit: async task => {
      const tasks = pending.getStore()
      if (tasks) tasks.push(task)
      else await task()
    },
  }
}
