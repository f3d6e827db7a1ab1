import type { RequestListener, ServerResponse } from 'node:http'

/** A fault: changes one answer of a server, the way a server with a mistake in it would answer. */
export interface Alteration {
  name: string
  change(answer: Answer, path: string): void
}

export interface Answer {
  status: number
  headers: Map<string, string | string[]>
  body: string
}

/** Wraps a listener so that its answers go through the alterations before they are sent. */
export function alter(listener: RequestListener, alterations: Alteration[]): RequestListener {
  return (request, response) => {
    const answer: Answer = { status: 200, headers: new Map(), body: '' }
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const shadow = capture(response, answer, () => {
      for (const alteration of alterations) alteration.change(answer, path)
      response.statusCode = answer.status
      for (const [name, value] of answer.headers) response.setHeader(name, value)
      response.end(answer.body)
    })
    listener(request, shadow)
  }
}

// Only the calls that the official Node adapter makes are captured.
function capture(response: ServerResponse, answer: Answer, finish: () => void): ServerResponse {
  return new Proxy(response, {
    get(target, key) {
      if (key === 'setHeader')
        return (name: string, value: string | string[]) => void answer.headers.set(name.toLowerCase(), value)
      if (key === 'getHeader') return (name: string) => answer.headers.get(name.toLowerCase())
      if (key === 'writeHead')
        return (status: number, headers: Record<string, string | string[]> = {}) => {
          answer.status = status
          for (const [name, value] of Object.entries(headers)) answer.headers.set(name.toLowerCase(), value)
        }
      if (key === 'write')
        return (chunk: Uint8Array) => {
          answer.body += Buffer.from(chunk).toString('utf8')
          return true
        }
      if (key === 'end')
        return (chunk?: Uint8Array) => {
          if (chunk) answer.body += Buffer.from(chunk).toString('utf8')
          finish()
        }
      const value = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
    set: (target, key, value) => Reflect.set(target, key, value),
  })
}
