/** What a server knows of the connection beside the request. */
export interface Connection {
  /** Address of the peer. */
  socketAddress?: string
  /** Whether it is TLS. Default: what the request's URL says. */
  isEncrypted?: boolean
}

/** An HTTP request in the form that the server has it in. */
export interface Incoming extends Connection {
  method: string
  /** Only path and query are believed; which host was meant is decided elsewhere. */
  url: URL
  headers: Headers
  /** The bytes of the body, to be read once. */
  readonly body: AsyncIterable<Uint8Array> | null
  /** The request as fetch has it. Making one costs more than most answers, so it is made when it is asked for. */
  request(): Request
}

/** A request of fetch's, and what its server knows beside it. */
export function incomingOf(request: Request, connection: Connection = {}): Incoming {
  const { method, headers, body } = request
  return { ...connection, method, headers, body, url: new URL(request.url), request: () => request }
}
