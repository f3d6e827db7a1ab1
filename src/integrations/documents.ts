import type { AnyRouter } from '@trpc/server'
import { type OpenApiDocument, openApiDocument } from '../../openapi/index.ts'
import type { Kernel } from '../context.ts'
import { VERSION } from '../version.ts'

/** An instance under a few hosts has a document for each; whoever may ask under any host does not fill the memory. */
const MOST = 20

/** The OpenAPI document of an instance as JSON, as it is reached under `origin`; default the one of the options. */
export type Documents = (origin?: string) => string

/** Makes each document once: that takes hundreds of times longer than sending it, and anyone may ask for it. */
export function createDocuments(kernel: Kernel, router: AnyRouter): Documents {
  const made = new Map<string, string>()
  return (origin = kernel.options.origin) => {
    const known = made.get(origin)
    if (known) return known
    if (made.size >= MOST) made.clear()
    const document = JSON.stringify(makeDocument(kernel, router, origin))
    made.set(origin, document)
    return document
  }
}

function makeDocument(kernel: Kernel, router: AnyRouter, origin: string): OpenApiDocument {
  const { appName, basePath, dialect, hosts } = kernel.options
  const baseURL = origin + basePath
  // Without a host of its own a document is meant for production.
  const sessionCookie = kernel.cookies('session_token', origin || `https://${hosts?.patterns[0]}`).name
  const { hookErrors } = kernel
  return openApiDocument({ router, title: appName, version: VERSION, baseURL, sessionCookie, dialect, hookErrors })
}
