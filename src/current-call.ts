import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * The call that is being answered, for what is reached by no argument: hooks of a write deep inside it.
 * Everything else is handed its context.
 */
export interface CurrentCall<Call> {
  run<T>(call: Call, work: () => T): T
  get(): Call | undefined
}

export function createCurrentCall<Call>(): CurrentCall<Call> {
  const calls = new AsyncLocalStorage<Call>()
  return { run: (call, work) => calls.run(call, work), get: () => calls.getStore() }
}
