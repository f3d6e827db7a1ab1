import type { EntityManager, EventSubscriber } from '@mikro-orm/core'
import type { Adapter } from '../contract.ts'

type Task = () => Promise<void>

/**
 * What is to follow the transactions that an application opens on its own MikroORM. A savepoint's tasks wait for the
 * transaction around it.
 */
export function outerTransactions(root: EntityManager): NonNullable<Adapter['afterOuterCommit']> {
  const waiting = new WeakMap<object, Task[]>()
  const outer = new WeakMap<object, object>()
  const starting = new WeakMap<EntityManager, object>()
  const wait = (transaction: object, tasks: Task[]) =>
    waiting.set(transaction, [...(waiting.get(transaction) ?? []), ...tasks])

  const subscriber: EventSubscriber = {
    beforeTransactionStart: async ({ em, transaction }) => void (transaction && starting.set(em, transaction)),
    afterTransactionStart: async ({ em, transaction }) => {
      const around = starting.get(em)
      starting.delete(em)
      if (transaction && around) outer.set(transaction, around)
    },
    afterTransactionCommit: async ({ em, transaction = {} }) => {
      const tasks = waiting.get(transaction) ?? []
      const around = outer.get(transaction)
      waiting.delete(transaction)
      if (around) return void wait(around, tasks)
      if (tasks.length === 0) return
      // Else what the tasks do would be sent within the transaction that is over.
      em.resetTransactionContext()
      for (const task of tasks) await task()
    },
  }
  root.getEventManager().registerSubscriber(subscriber)

  return task => {
    const em = root.getContext(false)
    const transaction: object | undefined = em.getTransactionContext()
    if (!transaction) return false
    // The transaction may be older than this adapter.
    em.getEventManager().registerSubscriber(subscriber)
    wait(transaction, [task])
    return true
  }
}
