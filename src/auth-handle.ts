import type { AnswerHeaders } from './answer-headers.ts'
import type { Kernel, RequestSource, SessionData } from './context.ts'
import type { Connection, Incoming } from './incoming.ts'
import type { StepUp } from './step-up.ts'

/** An answer; only one that is a `Response` may have a body that is a stream. */
type Answered = Response | { status: number; headers: AnswerHeaders; body: string | null }

/** What integrations need of an auth instance, whatever its plugins. */
export interface AuthHandle {
  readonly context: Kernel
  handler(request: Request, connection?: Connection): Promise<Response>
  /** The same for a server that has no use for fetch's classes, which cost more to make and read than most answers. */
  answer(incoming: Incoming): Promise<Answered>
  /** @throws STEP_UP_REQUIRED for a session that is not what is asked for */
  readSession(source: RequestSource, asked?: StepUp): Promise<SessionData | null>
}
