import type { RequestContext } from './context.ts'

/** Tells a callback of the application what has happened. It cannot be undone any more, so what goes wrong is logged. */
export async function tellApplication(
  { kernel }: RequestContext,
  name: string,
  callback: () => unknown,
): Promise<void> {
  try {
    await callback()
  } catch (error) {
    kernel.log.error(`${name} failed`, error)
  }
}
