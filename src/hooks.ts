import type { AuthContext, HookRunner, Hooks } from './context.ts'

/** Runs the plugins' hooks in the order of the plugins. */
export function createHookRunner(hooks: readonly Hooks[]): HookRunner {
  return {
    amend: async (point, draft, auth) => {
      let amended = draft
      for (const hook of hooks) amended = { ...amended, ...(await hook[point]?.(amended, auth)) }
      return amended
    },
    call: async (point, event, auth) => {
      for (const hook of hooks) {
        const listen = hook[point] as ((event: unknown, auth: AuthContext) => unknown) | undefined
        const answer = await listen?.call(hook, event, auth)
        // Only a challenge stands in for the rest: no plugin may hide a session or a password from those after it.
        if (answer !== undefined && point === 'credentialVerified') return answer
      }
      return undefined
    },
  }
}
