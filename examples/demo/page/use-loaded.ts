import { useCallback, useEffect, useRef, useState } from 'react'
import { type Call, type Failure, settle } from './use-action.ts'

/**
 * What a call of the auth client answers, asked when the view appears and whenever `reason` changes. What was there stays
 * until the next answer.
 */
export function useLoaded<T>(call: Call<T>, reason: unknown = null) {
  const [data, setData] = useState<T | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const latest = useRef(call)
  latest.current = call
  const reload = useCallback(async () => {
    const answer = await settle(latest.current)
    setFailure(answer.error)
    setData(answer.data)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `reason` is why to look again, not an input
  useEffect(() => void reload(), [reload, reason])
  return { data, failure, reload }
}
