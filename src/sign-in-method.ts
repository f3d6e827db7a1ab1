import type { AuthContext } from './context.ts'

/**
 * The way in which this call signs somebody in: that of its procedure's plugin, the id of the provider where the user
 * signed in, or the way of the first step that this call is the second one of; `undefined` when it signs nobody in.
 */
export function signInMethodOf({ kernel, meta, seen }: AuthContext): string | undefined {
  return seen.signInMethod ?? (meta?.signsIn ? kernel.methods.get(meta) : undefined)
}
