/**
 * Whether tests must be skipped because a program they need is not on this machine. Says so in one line.
 * Under CI nothing may be skipped in silence: there it throws.
 */
export function skipWithout(program: string, isThere: boolean, hint: string): boolean {
  if (isThere) return false
  const text = `${program} was not found: ${hint}`
  if (!['', '0', 'false', undefined].includes(process.env.CI)) throw new Error(text)
  console.warn(`Skipped, ${text}`)
  return true
}
