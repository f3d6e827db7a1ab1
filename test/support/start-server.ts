import type { RequestListener } from 'node:http'
import express from 'express'
import { createKerniaClient } from '../../clients/trpc-client.ts'
import type { AnyPlugin, Auth, Fields, InitOptions } from '../../src/index.ts'
import { mountKernia } from '../../src/integrations/express.ts'
import { serve, toListener } from './http-server.ts'
import { createTestAuth, type TestAuth } from './test-auth.ts'

type AnyAuth = Auth<readonly AnyPlugin[], Fields, Fields>
type None = Record<never, never>

/** How an instance is served. */
export type Mount = (auth: Pick<AnyAuth, 'context' | 'handler' | 'answer' | 'readSession'>) => RequestListener

export const mounts: Record<'express' | 'fetch', Mount> = {
  express: auth => {
    const app = express()
    mountKernia(app, auth)
    return app
  },
  fetch: auth => toListener(auth.handler),
}

export interface TestServer<P extends readonly AnyPlugin[], U extends Fields, S extends Fields>
  extends TestAuth<P, U, S> {
  origin: string
  /** Address of the routes. */
  url: string
  /** A tRPC client with a cookie jar of its own. */
  client(options?: {
    headers?: Record<string, string>
    cookie?: string
    fetch?: typeof fetch
  }): ReturnType<typeof createKerniaClient<Auth<P, U, S>['router']>>
}

/** Starts a server with an auth instance of these options; it ends with the test. */
export async function startServer<
  const P extends readonly AnyPlugin[] = readonly [],
  const U extends Fields = None,
  const S extends Fields = None,
>(given: InitOptions<P, U, S> = {}, mount: Mount = mounts.express): Promise<TestServer<P, U, S>> {
  let made: TestAuth<P, U, S> | undefined
  const origin = await serve(baseURL => {
    made = createTestAuth<P, U, S>({ baseURL, ...given })
    return mount(made.auth)
  })
  const url = `${origin}/api/auth`
  const test = made as unknown as TestAuth<P, U, S>
  return { ...test, origin, url, client: options => createKerniaClient<Auth<P, U, S>['router']>({ url, ...options }) }
}
