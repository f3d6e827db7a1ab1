import type { AuthHandle } from '../../src/auth-handle.ts'
import { type ProcedureRecord, restRoutes } from '../../src/meta.ts'

export interface Told {
  status: number
  /** The body, and where it redirects to. */
  text: string
  /** `Set-Cookie` headers. */
  cookies: string[]
}

/** Calls a procedure by REST. */
export async function call(
  auth: AuthHandle,
  { meta }: ProcedureRecord,
  { headers, input }: { headers: Record<string, string>; input: Record<string, unknown> },
): Promise<Told> {
  const { baseURL, origin } = auth.context.options
  const [route] = restRoutes(meta)
  if (!route) throw new Error(`${meta.operationId} has no REST line`)
  const { method } = route
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input[name])))
  const query = method === 'GET' ? `?${new URLSearchParams(input as Record<string, string>)}` : ''
  const sent = { origin, ...headers, ...(method === 'POST' && { 'content-type': 'application/json' }) }
  const body = method === 'POST' ? JSON.stringify(input) : undefined
  const response = await auth.handler(new Request(baseURL + path + query, { method, headers: sent, body }))
  const text = (await response.text()) + (response.headers.get('location') ?? '')
  return { status: response.status, text, cookies: response.headers.getSetCookie() }
}

/** What the input has at a dotted path. */
export function valueAt(input: Record<string, unknown>, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], input)
}

/** The input with another value at a dotted path. */
export function withValue(input: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...input, [name]: value }
  return { ...input, [name]: withValue((input[name] ?? {}) as Record<string, unknown>, rest.join('.'), value) }
}
