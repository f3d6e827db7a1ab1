import type { Kernel, RequestSource, SessionData } from './context.ts'

/** What integrations need of an auth instance, whatever its plugins. */
export interface AuthHandle {
  readonly context: Kernel
  handler(request: Request, connection?: { socketAddress?: string; isEncrypted?: boolean }): Promise<Response>
  readSession(source: RequestSource): Promise<SessionData | null>
}
