import { type HttpMethod, listProcedures, type ProcedureRecord, restRoutes } from '../../src/meta.ts'
import { type RawResponse, rawRequest } from './raw-request.ts'

/** What a call was answered with, whichever way it took. */
export interface Answer {
  status: number
  code: string | undefined
  message: string | undefined
}

export interface OneCall {
  origin: string
  procedure: ProcedureRecord
  /** JSON text of the input. */
  input: string
  headers?: Record<string, string>
}

/** Procedures that have a REST face, by their path in the router. */
export function procedureAt(router: Parameters<typeof listProcedures>[0], path: string): ProcedureRecord {
  const found = listProcedures(router).find(procedure => procedure.path === path)
  if (!found) throw new Error(`there is no procedure "${path}"`)
  return found
}

/** Calls a procedure by its first REST line; the input of a GET must be an object of strings. */
export async function callRest({ origin, procedure, input, headers = {} }: OneCall): Promise<Answer> {
  const [route] = restRoutes(procedure.meta)
  if (!route) throw new Error(`"${procedure.path}" has no REST line`)
  const response = await send(route.method, `${origin}/api/auth${route.path}`, { input, headers })
  const body = response.text ? JSON.parse(response.text) : undefined
  return { status: response.status, code: body?.code, message: body?.message }
}

/** Calls a procedure by tRPC over HTTP, without a client in between that would tidy up the input. */
export async function callTrpc({ origin, procedure, input, headers = {} }: OneCall): Promise<Answer> {
  const method = procedure.type === 'query' ? 'GET' : 'POST'
  const path = `${origin}/api/auth/trpc/${procedure.path}`
  const query = method === 'GET' ? `?input=${encodeURIComponent(input)}` : ''
  const response = await send(method, path + query, { input, headers })
  const error = JSON.parse(response.text).error
  return { status: response.status, code: error?.data.authCode, message: error?.message }
}

function send(
  method: HttpMethod,
  url: string,
  { input, headers }: { input: string; headers: Record<string, string> },
): Promise<RawResponse> {
  const { origin, pathname, search } = new URL(url)
  if (method === 'GET') return rawRequest(origin, { path: pathname + search, headers })
  const type = { 'content-type': 'application/json' }
  return rawRequest(origin, { method, path: pathname, headers: { ...type, ...headers }, body: input })
}
