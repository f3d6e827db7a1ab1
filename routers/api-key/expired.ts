import type { Kernel } from '../../src/context.ts'
import { MODEL } from './charge.ts'

/** In the background, and at most this often. */
const EVERY_MILLISECONDS = 10_000

/** Deletes rows of keys that have expired, after the answer; not when it was done a moment ago. */
export type Sweep = (kernel: Kernel) => void

/** Each instance has a time of its own. */
export function createSweep(): Sweep {
  const sweptAt = new WeakMap<Kernel, number>()
  return kernel => {
    const now = kernel.now().getTime()
    const last = sweptAt.get(kernel)
    if (last !== undefined && now - last < EVERY_MILLISECONDS) return
    sweptAt.set(kernel, now)
    kernel.background(() => deleteExpiredRows(kernel))
  }
}

/** What is in secondary storage goes by itself. */
export async function deleteExpiredRows({ adapter, now }: Kernel): Promise<void> {
  const where = [{ field: 'expiresAt', value: now(), operator: 'lt' as const }]
  await adapter.deleteMany({ model: MODEL, where })
}
