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
    ...forwarded(async use => use(adapter())),
    afterOuterCommit: task => adapter().afterOuterCommit?.(task) ?? false,
    // What was never made has nothing to close, and making it now could fail.
    close: async () => made?.close(),
  }
}

/**
 * An adapter whose connection is opened when it is first used, which takes a while. A connection that failed is tried anew by
 * the next use; once closed, it stays closed.
 */
export function openLater(id: string, open: () => Promise<Adapter>): Adapter {
  let opening: Promise<Adapter> | undefined
  let opened: Adapter | undefined
  let isClosed = false
  const begin = async () => {
    opened = await open()
    return opened
  }
  const adapter = async (): Promise<Adapter> => {
    // What goes on in the background would open it again, and nobody would close it.
    if (isClosed) throw new Error('the database connection is closed')
    opening ??= begin().catch(error => {
      opening = undefined
      throw error
    })
    return opening
  }
  return {
    id,
    ...forwarded(use => (opened ? use(opened) : adapter().then(use))),
    // Nobody has opened a transaction on a connection that is not there yet.
    afterOuterCommit: task => opened?.afterOuterCommit?.(task) ?? false,
    close: async () => {
      isClosed = true
      await (await opening?.catch(() => undefined))?.close()
    },
  }
}

/** The methods that need the adapter itself. */
function forwarded(
  on: <T>(use: (adapter: Adapter) => Promise<T>) => Promise<T>,
): Omit<Required<Adapter>, 'id' | 'afterOuterCommit' | 'close'> {
  return {
    orm: () => on(async ({ orm }) => orm?.()),
    create: input => on(adapter => adapter.create(input)),
    findOne: query => on(adapter => adapter.findOne(query)),
    findMany: query => on(adapter => adapter.findMany(query)),
    update: write => on(adapter => adapter.update(write)),
    updateMany: write => on(adapter => adapter.updateMany(write)),
    delete: query => on(adapter => adapter.delete(query)),
    deleteMany: query => on(adapter => adapter.deleteMany(query)),
    count: query => on(adapter => adapter.count(query)),
    consumeOne: query => on(adapter => adapter.consumeOne(query)),
    incrementOne: increment => on(adapter => adapter.incrementOne(increment)),
    lock: query => on(adapter => adapter.lock(query)),
    transaction: work => on(adapter => adapter.transaction(work)),
    createSchema: () => on(adapter => adapter.createSchema()),
  }
}
