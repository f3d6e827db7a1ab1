import type { z } from 'zod'
import { AuthError, errors } from '../src/errors.ts'
import type { Incoming } from '../src/incoming.ts'
import { type ProcedureRecord, URL_FIELDS } from '../src/meta.ts'
import type { RouteMatch } from './routes.ts'

/** Larger bodies are refused: 1 MiB. */
const LARGEST_BODY = 1024 * 1024

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

/**
 * The procedure's input from a REST request: path parameters, body (or, without one, query string), and query
 * parameters that the input declares and the body lacks.
 * @throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, BAD_REQUEST
 */
export async function readInput(incoming: Incoming, { route, params }: RouteMatch): Promise<unknown> {
  const { fields, meta } = route.procedure
  const { url } = incoming
  const query = url.search === '' ? {} : readQuery(url.searchParams, fields)
  if (route.method === 'GET') {
    const values = { ...query, ...params }
    return Object.keys(values).length > 0 || Object.keys(fields).length > 0 ? values : undefined
  }
  const body = await readBody(incoming, Boolean(meta.form))
  // Addresses to go to are checked for every write, so one in the query string must not escape the check.
  const isKept = ([key]: [string, unknown]) => Object.hasOwn(fields, key) || Object.hasOwn(URL_FIELDS, key)
  const declared = Object.fromEntries(Object.entries(query).filter(isKept))
  const extra = { ...declared, ...params }
  if (Object.keys(extra).length === 0) return body
  // A path says something, also without a body.
  if (body === undefined && Object.keys(params).length > 0) return extra
  return isRecord(body) ? { ...extra, ...body, ...params } : body
}

async function readBody(incoming: Incoming, takesForms: boolean): Promise<unknown> {
  const text = await readText(incoming)
  if (text === '') return undefined
  const allowed = takesForms ? [FORM_TYPE, JSON_TYPE] : [JSON_TYPE]
  const header = incoming.headers.get('content-type')
  const type = header?.split(';')[0]?.trim().toLowerCase()
  if (!type) refuseType('Content-Type is required', allowed)
  if (takesForms && type === FORM_TYPE) return Object.fromEntries(new URLSearchParams(text))
  if (type !== JSON_TYPE) refuseType(`Content-Type "${header}" is not allowed`, allowed)
  try {
    return JSON.parse(text)
  } catch {
    throw new AuthError(errors.BAD_REQUEST)
  }
}

function refuseType(problem: string, allowed: string[]): never {
  throw new AuthError(errors.UNSUPPORTED_MEDIA_TYPE, { message: `${problem}. Allowed types: ${allowed.join(', ')}` })
}

/**
 * The body as text.
 * @throws PAYLOAD_TOO_LARGE beyond 1 MiB, without reading on
 */
export async function readText({ headers, body }: Pick<Incoming, 'headers' | 'body'>): Promise<string> {
  if (Number(headers.get('content-length') ?? 0) > LARGEST_BODY) throw new AuthError(errors.PAYLOAD_TOO_LARGE)
  if (!body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > LARGEST_BODY) throw new AuthError(errors.PAYLOAD_TOO_LARGE)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** A query string as the schema's types: a copy is coerced, the schema stays as it is. */
function readQuery(parameters: URLSearchParams, fields: ProcedureRecord['fields']): Record<string, unknown> {
  const values: [string, unknown][] = []
  for (const key of new Set(parameters.keys())) {
    const all = parameters.getAll(key)
    const schema = Object.hasOwn(fields, key) ? fields[key] : undefined
    values.push([key, all.length > 1 ? all.map(value => coerce(value, schema)) : coerce(all[0] ?? '', schema)])
  }
  return Object.fromEntries(values)
}

function coerce(value: string, schema: z.ZodType | undefined): unknown {
  switch (innerType(schema)) {
    case 'boolean':
      return !['', '0', 'false'].includes(value)
    case 'number':
      return value === '' || Number.isNaN(Number(value)) ? value : Number(value)
    case 'array':
      return [value]
    default:
      return value
  }
}

function innerType(schema: z.ZodType | undefined): string | undefined {
  let inner = schema as (z.ZodType & { unwrap?: () => z.ZodType }) | undefined
  while (inner && ['optional', 'nullable', 'default'].includes(inner.def.type) && inner.unwrap) {
    inner = inner.unwrap() as typeof inner
  }
  return inner?.def.type
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
