/** Runs at most `concurrency` tasks at once; the others wait in order of arrival. */
export function createLimiter(concurrency: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async task => {
    if (running >= concurrency) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
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
