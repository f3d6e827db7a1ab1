import type { Adapter } from './adapters/contract.ts'

const AT_MOST_EVERY_MS = 60_000

/**
 * Deletes single-use secrets that have expired, in the background, when new ones are made: a table of links that nobody
 * followed would grow for ever. Each process does it at most once a minute.
 */
export function createSecretSweeper({
  adapter,
  now,
  background,
}: {
  adapter: Adapter
  now(): Date
  background(task: () => Promise<unknown>): void
}): () => void {
  let next = 0
  return () => {
    const time = now()
    if (time.getTime() < next) return
    next = time.getTime() + AT_MOST_EVERY_MS
    const where = [{ field: 'expiresAt', operator: 'lt', value: time }] as const
    background(() => adapter.deleteMany({ model: 'verification', where }))
  }
}
