import type { Adapter, Row, Where } from './adapters/contract.ts'
import { decorateAdapter } from './adapters/decorate.ts'
import { AuthError, askApplication, defineErrors } from './errors.ts'
import type { EventBus, EventName } from './events.ts'
import type { Logger } from './logger.ts'
import type { DatabaseHooks, ModelHooks } from './options/database-hooks.ts'
import type { HookContext } from './options/hooks.ts'
import type { UnitOfWork } from './unit-of-work.ts'

type Action = 'create' | 'update' | 'delete'

const PAST = { create: 'created', update: 'updated', delete: 'deleted' } as const

/** What a caller is told when a hook of the application refuses a write without saying why. */
export const writeErrors = defineErrors({
  FAILED_TO_CREATE_USER: [400, 'Failed to create user'],
  FAILED_TO_CREATE_SESSION: [401, 'Failed to create session'],
  FAILED_TO_UPDATE_USER: [400, 'Failed to update user'],
  WRITE_REFUSED: [403, 'The application refused this change'],
})

interface Parts {
  hooks: DatabaseHooks | undefined
  events: EventBus
  unitOfWork: UnitOfWork
  /** The call that writes, as hooks see it. */
  describeCall(): HookContext | null
  log: Logger
}

/** Lets the application's database hooks take part in writes, and tells the event bus of them. */
export interface Writes {
  /** Whether anyone takes part; what only they need is not read without them. */
  isObserved(model: string, action: Action): boolean
  /**
   * Runs the `before` hook.
   * @returns the row as the hook left it
   * @throws AuthError when it refuses
   */
  before(model: string, action: Action, row: Row): Promise<Row>
  /** Has the `after` hook and the listeners run once this is committed. */
  after(model: string, action: Action, row: Row): Promise<void>
}

export function createWrites({ hooks = {}, events, unitOfWork, describeCall, log }: Parts): Writes {
  const hookOf = (model: string, action: Action) => (hooks[model] as ModelHooks<Row> | undefined)?.[action]
  const eventOf = (model: string, action: Action) => `${model}.${PAST[action]}` as EventName
  return {
    isObserved: (model, action) => hookOf(model, action) !== undefined || events.isHeard(eventOf(model, action)),
    before: async (model, action, row) => {
      const { before } = hookOf(model, action) ?? {}
      const answer = before && (await askApplication(() => before(row, describeCall())))
      if (answer === false) throw refusal(model, action)
      return answer && action !== 'delete' ? { ...row, ...answer.data } : row
    },
    after: async (model, action, row) => {
      const { after } = hookOf(model, action) ?? {}
      if (after) {
        const at = describeCall()
        await unitOfWork.afterCommit(async () => {
          await (async () => after(row, at))().catch(error => log.error(`${model}.${action}.after failed`, error))
        })
      }
      await events.emit(eventOf(model, action), { [model]: row } as never)
    },
  }
}

function refusal(model: string, action: Action): AuthError {
  const code = `FAILED_TO_${action.toUpperCase()}_${model.toUpperCase()}`
  const error = new AuthError(writeErrors[code as keyof typeof writeErrors] ?? writeErrors.WRITE_REFUSED)
  error.isFromApplication = true
  return error
}

/** The adapter with every write observed. Reads are its own, untouched. */
export function observeWrites(adapter: Adapter, writes: Writes): Adapter {
  return decorateAdapter(adapter, {
    ...creating(adapter, writes),
    ...updating(adapter, writes),
    ...deleting(adapter, writes),
  })
}

function creating(adapter: Adapter, writes: Writes): Pick<Adapter, 'create'> {
  return {
    create: async input => {
      const { model } = input
      if (!writes.isObserved(model, 'create')) return adapter.create(input)
      const row = await adapter.create({ model, data: await writes.before(model, 'create', input.data) })
      await writes.after(model, 'create', row)
      return row
    },
  }
}

function updating(adapter: Adapter, writes: Writes): Pick<Adapter, 'update' | 'updateMany' | 'incrementOne'> {
  return {
    update: async write => {
      const { model, where } = write
      if (!writes.isObserved(model, 'update')) return adapter.update(write)
      const row = await adapter.update({ model, where, update: await writes.before(model, 'update', write.update) })
      if (row) await writes.after(model, 'update', row)
      return row
    },
    updateMany: async write => {
      const { model } = write
      if (!writes.isObserved(model, 'update')) return adapter.updateMany(write)
      const update = await writes.before(model, 'update', write.update)
      const where = byIds(await rowsOf(adapter, write))
      const count = await adapter.updateMany({ model, where, update })
      for (const row of await rowsOf(adapter, { model, where })) await writes.after(model, 'update', row)
      return count
    },
    // Adding is not a value that a hook could change, so only what comes after is told.
    incrementOne: async increment => {
      const row = await adapter.incrementOne(increment)
      if (row && writes.isObserved(increment.model, 'update')) await writes.after(increment.model, 'update', row)
      return row
    },
  }
}

function deleting(adapter: Adapter, writes: Writes): Pick<Adapter, 'delete' | 'deleteMany' | 'consumeOne'> {
  const deleteRows = async (model: string, rows: readonly Row[]) => {
    for (const row of rows) await writes.before(model, 'delete', row)
    const count = await adapter.deleteMany({ model, where: byIds(rows) })
    for (const row of rows) await writes.after(model, 'delete', row)
    return count
  }
  return {
    delete: async query => {
      if (!writes.isObserved(query.model, 'delete')) return adapter.delete(query)
      const row = await adapter.findOne(query)
      if (row) await deleteRows(query.model, [row])
    },
    deleteMany: async query => {
      if (!writes.isObserved(query.model, 'delete')) return adapter.deleteMany(query)
      return deleteRows(query.model, await rowsOf(adapter, query))
    },
    consumeOne: async query => {
      const { model, where } = query
      if (!writes.isObserved(model, 'delete')) return adapter.consumeOne(query)
      const row = await adapter.findOne(query)
      if (!row) return null
      await writes.before(model, 'delete', row)
      const consumed = await adapter.consumeOne({ model, where: [...where, ...byIds([row])] })
      if (consumed) await writes.after(model, 'delete', consumed)
      return consumed
    },
  }
}

/** Beyond any number of rows that one statement changes. */
const ALL = 1_000_000_000

function rowsOf(adapter: Adapter, { model, where }: { model: string; where: readonly Where[] }): Promise<Row[]> {
  return adapter.findMany({ model, where, limit: ALL })
}

function byIds(rows: readonly Row[]): Where[] {
  return [{ field: 'id', operator: 'in', value: rows.map(({ id }) => id as string) }]
}
