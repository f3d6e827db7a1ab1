import type { Kernel } from './context.ts'

/** A visit to a page: a GET, by anyone, that calls no procedure. */
export interface PageVisit {
  url: URL
  kernel: Kernel
  /** The OpenAPI document as JSON, for the address under which the visitor has reached the instance. */
  document(): string
}

/** Answers what is no procedure's output, such as HTML. It is given no session and must tell everybody the same. */
export type Page = (visit: PageVisit) => Response | Promise<Response>

/** Pages by their path under the base path, without parameters. */
export type Pages = Readonly<Record<`/${string}`, Page>>

/** An answer of JSON that is text already. */
export function jsonPage(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'application/json' } })
}

/** What a plugin says about its pages. */
export interface PluginPages {
  id: string
  pages?: Pages
}

/**
 * The pages of all plugins, by path.
 * @param taken paths that a GET reaches a procedure by
 * @throws when two answer at one path, or a path is none
 */
export function mergePages(plugins: readonly PluginPages[], taken: readonly string[]): ReadonlyMap<string, Page> {
  const merged = new Map<string, Page>()
  for (const { id, pages = {} } of plugins) {
    for (const [path, page] of Object.entries(pages)) {
      if (!/^(\/[\w.~-]+)+$/.test(path)) throw new Error(`init: "${path}" of the plugin "${id}" is no path of a page`)
      if (merged.has(path) || taken.includes(path)) throw new Error(`init: two answer to GET ${path}`)
      merged.set(path, page)
    }
  }
  return merged
}
