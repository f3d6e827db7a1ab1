import type { AuthContext, SignedInContext } from '../../src/context.ts'
import { AuthError, askApplication, type ErrorDefinition } from '../../src/errors.ts'
import type { ResolvedOrganizationOptions } from './options.ts'
import type { OrganizationModels } from './schema.ts'

/** What the plugin is made of, the same for all calls. */
export interface Parts {
  options: ResolvedOrganizationOptions
  models: OrganizationModels
}

/** One call, and the plugin it is made to. */
export interface Scope<Auth extends AuthContext = SignedInContext> extends Parts {
  auth: Auth
}

/** @throws `refusal` unless there is a value */
export function found<T>(value: T | null | undefined, refusal: ErrorDefinition): T {
  if (value === null || value === undefined) throw new AuthError(refusal)
  return value
}

/** Lets a "before" hook of the application change what is about to be written, or refuse it. */
export async function amendedBy<T extends object>(data: T, hook: (() => unknown) | undefined): Promise<T> {
  const answer = hook && ((await askApplication(hook)) as { data?: Partial<T> } | undefined)
  return answer && typeof answer === 'object' && answer.data ? { ...data, ...answer.data } : data
}
