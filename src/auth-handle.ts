import type { Kernel, RequestSource, SessionData } from './context.ts'
import type { Connection, Incoming } from './incoming.ts'

/** An answer; only one that is a `Response` may have a body that is a stream. */
type Answered = Response | { status: number; headers: Headers; body: string | null }

/** What integrations need of an auth instance, whatever its plugins. */
export interface AuthHandle {
  readonly context: Kernel
  handler(request: Request, connection?: Connection): Promise<Response>
  /** The same for a server that has no use for fetch's classes, which cost more to make and read than most answers. */
  answer(incoming: Incoming): Promise<Answered>
  readSession(source: RequestSource): Promise<SessionData | null>
}
