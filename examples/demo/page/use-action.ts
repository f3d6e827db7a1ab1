import { useRef, useState } from 'react'

export type Failure = { message?: string; code?: string; status?: number }

/** A call of the auth client. */
export type Call<T = unknown> = () => Promise<{ data: T | null; error: Failure | null }>

/** Runs one call of the auth client at a time and keeps what went wrong for the form to show. */
export function useAction() {
  const running = useRef(false)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)

  /** Resolves to what the call answered, or to `undefined` when it failed; never rejects. */
  const run = async <T>(call: Call<T>): Promise<{ data: T | null } | undefined> => {
    if (running.current) return undefined
    running.current = true
    setBusy(true)
    setFailure(null)
    const { data, error } = await settle(call)
    running.current = false
    setBusy(false)
    setFailure(error)
    return error ? undefined : { data }
  }

  return { run, isBusy, failure, fail: setFailure }
}

/** The answer of a call, also when there is none. */
export async function settle<T>(call: Call<T>): Promise<{ data: T | null; error: Failure | null }> {
  return call().catch(() => ({ data: null, error: { message: 'The server could not be reached.' } }))
}
