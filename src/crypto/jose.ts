/** jose, which is loaded when the first JWT is made or read: most applications start without one. */
export function loadJose(): Promise<typeof import('jose')> {
  return import('jose')
}
