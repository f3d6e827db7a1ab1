import { request } from 'node:http'

/** One HTTP answer, as it came over the wire. */
export interface Exchange {
  status: number
  headers: Record<string, string>
  setCookies: string[]
  text: string
  /** The body parsed as JSON, or undefined when it is not JSON. */
  json: unknown
}

/** One HTTP request; a header set to undefined is left out. */
export interface WireRequest {
  method?: string
  path: string
  headers?: Record<string, string | undefined>
  body?: string
}

// node:http and not fetch: fetch adds Sec-Fetch-Mode, a user agent and a content type of its own, and those change
// what the origin check does.
export function send(origin: string, wanted: WireRequest): Promise<Exchange> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(wanted.headers ?? {})) if (value !== undefined) headers[name] = value
  if (wanted.body !== undefined) headers['content-length'] = String(Buffer.byteLength(wanted.body))
  const target = new URL(origin)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: target.hostname, port: target.port, method: wanted.method ?? 'GET', path: wanted.path, headers },
      incoming => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const named = Object.entries(incoming.headers).filter(([name]) => name !== 'set-cookie')
          const flat = Object.fromEntries(named.map(([name, value]) => [name, String(value)]))
          const text = Buffer.concat(chunks).toString('utf8')
          resolve(toExchange(incoming.statusCode ?? 0, flat, incoming.headers['set-cookie'] ?? [], text))
        })
      },
    )
    outgoing.setTimeout(20_000, () => outgoing.destroy(new Error(`no answer to ${wanted.method} ${wanted.path}`)))
    outgoing.on('error', reject)
    outgoing.end(wanted.body)
  })
}

/** Turns a fetch response into an exchange without consuming the original. */
export async function fromResponse(response: Response): Promise<Exchange> {
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'))
  return toExchange(response.status, headers, response.headers.getSetCookie(), await response.clone().text())
}

function toExchange(status: number, headers: Record<string, string>, setCookies: string[], text: string): Exchange {
  return { status, headers, setCookies, text, json: parseJson(text) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads the string at a dotted path of a JSON body; throws when there is none, which ends the scenario. */
export function readString(body: unknown, path: string): string {
  let value = body
  for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key]
  if (typeof value !== 'string') throw new Error(`no string at ${path} of ${JSON.stringify(body)}`)
  return value
}
