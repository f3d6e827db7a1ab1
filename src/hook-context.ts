import type { AuthContext } from './context.ts'
import { serializeCookie } from './cookies.ts'
import { AuthError } from './errors.ts'
import { restRoutes } from './meta.ts'
import type { HookContext } from './options/hooks.ts'
import { setHeader } from './response.ts'

/** @param input what the call was given, where the hook is to see it */
export function hookContextOf(auth: AuthContext, input?: unknown): HookContext {
  const { kernel, meta } = auth
  const record = meta && kernel.procedures.get(meta)
  const path = meta && restRoutes(meta)[0]?.path
  return {
    path: path ?? meta?.operationId ?? '',
    operationId: meta?.operationId ?? '',
    ...(auth.method !== undefined && { method: auth.method }),
    ...(record?.type === 'mutation' ? { body: input } : { query: input }),
    headers: auth.headers,
    ...(auth.request && { request: auth.request() }),
    context: {
      options: kernel.options,
      baseURL: auth.baseURL,
      adapter: kernel.adapter,
      logger: kernel.log,
      session: auth.seen.session ?? null,
      newSession: auth.seen.newSession ?? null,
      generateId: ({ model }) => kernel.newId(model),
      password: { hash: kernel.hasher.hash, verify: kernel.hasher.verify },
      runInBackground: task => kernel.background(task),
    },
    setHeader: (name, value) => setHeader(auth, name, value),
    setCookie: (name, value, attributes = {}) =>
      setHeader(auth, 'set-cookie', serializeCookie(name, value, { path: '/', ...attributes })),
    json: value => value,
    error: definition => new AuthError(definition),
  }
}
