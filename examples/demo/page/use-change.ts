import type { Notify } from './notice.tsx'
import { type Call, useAction } from './use-action.ts'

/** Calls that change something: what is done is told, and what shows it is loaded again. */
export function useChange(notify: Notify, reload: () => Promise<unknown>) {
  const { run, isBusy, failure } = useAction()
  /** Resolves to whether it was done. */
  const change = async (call: Call, done: string): Promise<boolean> => {
    if (!(await run(call))) return false
    notify(done)
    await reload()
    return true
  }
  return { change, isBusy, failure }
}
