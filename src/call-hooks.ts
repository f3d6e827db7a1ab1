import { middlewareMarker } from '@trpc/server/unstable-core-do-not-import'
import type { AuthContext } from './context.ts'
import { askApplication, toAuthError } from './errors.ts'
import { hookContextOf } from './hook-context.ts'
import type { CallHook, HookContext, HookOptions } from './options/hooks.ts'
import { checkUrlFields, originChecks } from './origin.ts'
import { setHeader } from './response.ts'
import { refuseHostileInput } from './validation.ts'

/** tRPC's result of a procedure, as far as it matters here. */
type Outcome = { ok: boolean; data?: unknown; error?: unknown }

/**
 * Runs a procedure between the application's `hooks.before` and `hooks.after`, whichever there are.
 * @param proceed goes on with the input
 */
export function withCallHooks<Result extends Outcome>(
  auth: AuthContext,
  input: unknown,
  proceed: (input: unknown) => Promise<Result>,
): Promise<Result> {
  const { hooks } = auth.kernel.options
  return hooks?.before || hooks?.after ? between(hooks, { auth, input, proceed }) : proceed(input)
}

async function between<Result extends Outcome>(
  { before, after }: HookOptions,
  { auth, input, proceed }: { auth: AuthContext; input: unknown; proceed: (input: unknown) => Promise<Result> },
): Promise<Result> {
  const prepared = before ? await runBefore(before, auth, input) : { input }
  const outcome =
    'answer' in prepared ? (answered(prepared.answer) as unknown as Result) : await proceed(prepared.input)
  if (!after) return outcome
  const returned = outcome.ok ? outcome.data : toAuthError(outcome.error)
  const replaced = await runAfter(after, auth, returned)
  return replaced === undefined ? outcome : (answered(replaced) as unknown as Result)
}

/** A result in the form in which tRPC's middlewares hand results on. */
function answered(data: unknown) {
  return { marker: middlewareMarker, ok: true, data } as const
}

async function runBefore(
  hook: CallHook,
  auth: AuthContext,
  input: unknown,
): Promise<{ input: unknown } | { answer: unknown }> {
  const answer = await runHook(hook, auth, hookContextOf(auth, input))
  if (typeof answer !== 'object' || answer === null) return { input }
  const { context } = answer as { context?: Changes }
  if (typeof context !== 'object' || context === null) return { answer }
  if (context.headers) {
    auth.headers = new Headers(auth.headers)
    for (const [name, value] of context.headers) auth.headers.set(name, value)
  }
  const changes = context.body ?? context.query
  if (!changes) return { input }
  const changed = { ...(input as object | undefined), ...changes }
  // What the hook wrote into it may come from anywhere, so it is checked like what the client sent.
  refuseHostileInput(changed)
  const { targets } = originChecks(auth.kernel.options.advanced, auth.meta?.paths ?? [])
  if (targets) checkUrlFields(changed, await auth.trustedOrigins())
  return { input: changed }
}

interface Changes {
  body?: object
  query?: object
  headers?: Headers
}

async function runAfter(hook: CallHook, auth: AuthContext, returned: unknown): Promise<unknown> {
  const at = hookContextOf(auth)
  at.context.returned = returned
  return runHook(hook, auth, at)
}

/** Better Auth's middlewares keep headers of their own and hand them over with the answer; a plain function does not. */
async function runHook(hook: CallHook, auth: AuthContext, context: HookContext): Promise<unknown> {
  const answer = await askApplication(() => hook({ ...context, returnHeaders: true } as HookContext))
  if (typeof answer !== 'object' || answer === null || !('headers' in answer) || !('response' in answer)) return answer
  if (answer.headers instanceof Headers) {
    for (const [name, value] of answer.headers) setHeader(auth, name, value)
  }
  return answer.response
}
