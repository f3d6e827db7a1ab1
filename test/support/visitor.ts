import type { AuthHandle } from '../../src/auth-handle.ts'

/** A JSON body with the members that answers have; a test states which ones it expects. */
export interface AnswerBody extends Record<string, unknown> {
  code?: string
  message?: string
  token?: string | null
  url?: string
  status?: boolean
  user?: Record<string, unknown>
  session?: Record<string, unknown> & { token: string; expiresAt: string }
  needsRefresh?: boolean
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The body, if it is a JSON object or array; else empty. */
  body: AnswerBody
  /** `Set-Cookie` headers by the cookie's name. */
  setCookies: Record<string, string>
}

export interface RequestOptions {
  headers?: Record<string, string | undefined>
  socketAddress?: string
}

/** A browser: keeps cookies, and says which page it is on. */
export interface Visitor {
  get(path: string, options?: RequestOptions): Promise<Answer>
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  /** By name, percent-encoded as they travel. */
  cookies: Map<string, string>
  cookieHeader(): string
}

/** Opens a browser on the site of `auth`. */
export function visit(auth: AuthHandle): Visitor {
  const { baseURL, origin } = auth.context.options
  const cookies = new Map<string, string>()
  const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  const send = async (
    method: string,
    path: string,
    { body, headers, socketAddress }: RequestOptions & { body?: string },
  ) => {
    const all = new Headers({ origin })
    if (cookies.size > 0) all.set('cookie', cookieHeader())
    if (body !== undefined) all.set('content-type', 'application/json')
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (value === undefined) all.delete(name)
      else all.set(name, value)
    }
    const response = await auth.handler(new Request(baseURL + path, { method, headers: all, body }), { socketAddress })
    return keep(await read(response), cookies)
  }
  return {
    cookies,
    cookieHeader,
    get: (path, options = {}) => send('GET', path, options),
    post: (path, body, options = {}) => send('POST', path, { ...options, body: asText(body) }),
  }
}

function asText(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text()
  const setCookies: Record<string, string> = {}
  for (const header of response.headers.getSetCookie()) setCookies[header.slice(0, header.indexOf('='))] = header
  const isJson = response.headers.get('content-type')?.startsWith('application/json') && text
  const body = ((isJson && JSON.parse(text)) ?? {}) as AnswerBody
  return { status: response.status, headers: response.headers, text, body, setCookies }
}

function keep(answer: Answer, cookies: Map<string, string>): Answer {
  for (const [name, header] of Object.entries(answer.setCookies)) {
    const value = header.slice(name.length + 1).split(';')[0] ?? ''
    if (/; Max-Age=0(;|$)/.test(header)) cookies.delete(name)
    else cookies.set(name, value)
  }
  return answer
}
