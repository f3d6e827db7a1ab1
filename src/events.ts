import type { Account, Session, User } from '../entities/index.ts'
import type { Logger } from './logger.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/**
 * What happens in an instance, by name, with what each event carries. Every write of a model is one:
 * `<model>.created`, `.updated` and `.deleted` carry the row under the model's name, as it is in the database, hidden
 * fields included. A plugin adds its own events by declaring this interface once more.
 */
export interface AuthEvents {
  'user.created': { user: User }
  'user.updated': { user: User }
  'user.deleted': { user: User }
  'session.created': { session: Session }
  'session.updated': { session: Session }
  'session.deleted': { session: Session }
  'account.created': { account: Account }
  'account.updated': { account: Account }
  'account.deleted': { account: Account }
  /** Too many wrong passwords: the next attempt has to wait. `userId` is missing where there is no such user. */
  'password.delayed': { email: string; userId?: string; retryAfter: number }
}

export type EventName = keyof AuthEvents
export type EventListener<Name extends EventName> = (event: AuthEvents[Name]) => unknown

/** What an application may do with events: listen. */
export interface AuthEventSource {
  /**
   * Calls `listener` for every such event once its write is committed. It runs beside the request, which neither waits
   * for it nor fails with it: what it throws is logged. `auth.close()` waits for listeners that are still at work.
   * @returns a function that ends it
   */
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): () => void
}

/** The events of one instance. */
export interface EventBus extends AuthEventSource {
  /** Tells the listeners after the commit, at once when there is no transaction, and never after a rollback. */
  emit<Name extends EventName>(name: Name, event: AuthEvents[Name]): Promise<void>
  /** Whether anyone listens: what only listeners need is not read without them. */
  isHeard(name: string): boolean
  /** Resolves when every listener called so far has ended. */
  settled(): Promise<void>
}

type Listener = (event: unknown) => unknown

export function createEventBus(unitOfWork: UnitOfWork, log: Logger): EventBus {
  const listeners = new Map<string, Set<Listener>>()
  const running = new Set<Promise<unknown>>()
  const deliver = (name: string, listener: Listener, event: unknown) => {
    const delivery: Promise<unknown> = (async () => listener(event))()
      .catch(error => log.error(`a listener to ${name} failed`, error))
      .finally(() => running.delete(delivery))
    running.add(delivery)
  }
  return {
    on: (name, listener) => {
      const known = listeners.get(name) ?? new Set()
      listeners.set(name, known.add(listener as Listener))
      return () => void known.delete(listener as Listener)
    },
    emit: (name, event) =>
      unitOfWork.afterCommit(async () => {
        for (const listener of listeners.get(name) ?? []) deliver(name, listener, event)
      }),
    isHeard: name => (listeners.get(name)?.size ?? 0) > 0,
    settled: async () => {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
