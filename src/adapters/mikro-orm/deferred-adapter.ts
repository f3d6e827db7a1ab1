import type { Adapter } from '../contract.ts'

/** An adapter that is made when it is first used. A failed attempt is made anew by the next use. */
export function deferAdapter(make: () => Adapter): Adapter {
  let made: Adapter | undefined
  const adapter = (): Adapter => {
    made ??= make()
    return made
  }
  return {
    get id() {
      return adapter().id
    },
    get orm() {
      return adapter().orm
    },
    create: async input => adapter().create(input),
    findOne: async query => adapter().findOne(query),
    findMany: async query => adapter().findMany(query),
    update: async write => adapter().update(write),
    updateMany: async write => adapter().updateMany(write),
    delete: async query => adapter().delete(query),
    deleteMany: async query => adapter().deleteMany(query),
    count: async query => adapter().count(query),
    consumeOne: async query => adapter().consumeOne(query),
    incrementOne: async increment => adapter().incrementOne(increment),
    lock: async query => adapter().lock(query),
    transaction: async work => adapter().transaction(work),
    afterOuterCommit: task => adapter().afterOuterCommit?.(task) ?? false,
    createSchema: async () => adapter().createSchema(),
    // What was never made has nothing to close, and making it now could fail.
    close: async () => made?.close(),
  }
}
