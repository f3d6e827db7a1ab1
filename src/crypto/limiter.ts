/** So many tasks wait already that another one is not taken. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
}

/**
 * Runs at most `concurrency` tasks at once; the others wait in order of arrival, at most `maxQueue` of them.
 * The result throws `QueueFull`, without starting the task, when the queue is full.
 */
export function createLimiter(
  concurrency: number,
  maxQueue = Number.POSITIVE_INFINITY,
): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async task => {
    if (running >= concurrency) {
      if (waiting.length >= maxQueue) throw new QueueFull(`${maxQueue} tasks are waiting already`)
      await new Promise<void>(resolve => waiting.push(resolve))
    } else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      // The slot passes straight to the next in line, so a newcomer cannot overtake it.
      if (next) next()
      else running--
    }
  }
}
