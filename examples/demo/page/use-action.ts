import { useState } from 'react'

export type Failure = { message?: string; code?: string; status?: number }

export type Call = () => Promise<{ error: Failure | null }>

/** Runs one call of the auth client at a time and keeps what went wrong for the form to show. */
export function useAction() {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)

  /** Resolves to whether the call succeeded; never rejects. */
  const run = async (call: Call): Promise<boolean> => {
    setBusy(true)
    setFailure(null)
    const { error } = await call().catch(() => ({ error: { message: 'The server could not be reached.' } }))
    setBusy(false)
    setFailure(error)
    return error === null
  }

  return { run, isBusy, failure, fail: setFailure }
}
