import { jsonPage, type Pages } from '../../src/pages.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { type OpenAPIOptions, resolveOpenAPI } from './options.ts'
import { referencePage, referenceScript } from './reference-page.ts'

export type { OpenAPIOptions, ReferenceTheme } from './options.ts'

type None = Record<never, never>

/**
 * Where and how the API's reference page is shown, and the document under Better Auth's address as well:
 * `/open-api/generate-schema`. Without this plugin the page is at `/reference`, the document at `/openapi.json`.
 * @throws when the path or the nonce is none
 */
export function openAPI(options: OpenAPIOptions = {}): Plugin<None> {
  return definePlugin({
    ...reference(options),
    pages: {
      '/open-api/generate-schema': ({ document }) => jsonPage(document()),
      ...reference(options).pages,
    },
  })
}

/** The reference page, which every instance has unless `openAPI` says otherwise. */
export function reference(options: OpenAPIOptions = {}): Plugin<None> {
  return definePlugin({ id: 'open-api', pages: referencePages(options) })
}

function referencePages(options: OpenAPIOptions): Pages {
  const { path, theme, nonce, disableDefaultReference } = resolveOpenAPI(options)
  if (disableDefaultReference) return {}
  return {
    [path]: ({ kernel: { options } }) =>
      referencePage({
        title: options.appName,
        path: options.basePath + path,
        documentPath: `${options.basePath}/openapi.json`,
        theme,
        nonce,
      }),
    [`${path}/scalar.js`]: referenceScript,
  }
}
