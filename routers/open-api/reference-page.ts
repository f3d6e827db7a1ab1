import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const PACKAGE = '@scalar/api-reference'

interface ReferencePage {
  title: string
  /** The page's own path; its script is at `<path>/scalar.js`. */
  path: string
  documentPath: string
  theme?: string
  /** Put on the scripts. */
  nonce?: string
}

/**
 * The page that shows the document. Its script comes from the npm package `@scalar/api-reference`,
 * an optional peer, and is served from here: nothing is loaded from elsewhere.
 */
export function referencePage({ title, path, documentPath, theme, nonce }: ReferencePage): Response {
  const isInstalled = bundlePath() !== undefined
  const configuration = JSON.stringify({ ...CONFIGURATION, ...(theme && { theme }) })
  const mark = nonce ? ` nonce="${escapeHtml(nonce)}"` : ''
  const body = isInstalled
    ? `<script id="api-reference"${mark} data-url="${escapeHtml(documentPath)}" data-configuration='${escapeHtml(configuration)}'></script>
<script${mark} src="${escapeHtml(path)}/scalar.js"></script>`
    : `<p>Install <code>${PACKAGE}</code> to read the reference here, or open <a href="${escapeHtml(documentPath)}">the document</a>.</p>`
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${escapeHtml(title)}</title></head><body>
${body}
</body></html>`
  return new Response(html, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
  })
}

/** The page's script, or 404 when the package is not installed. */
export async function referenceScript(): Promise<Response> {
  const path = bundlePath()
  if (!path) return new Response(null, { status: 404 })
  const headers = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=3600' }
  return new Response(await readFile(path), { headers })
}

const CONFIGURATION = {
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

// The package exports its modules but not its browser bundle, which lies beside them.
function bundlePath(): string | undefined {
  try {
    return fileURLToPath(new URL('browser/standalone.js', import.meta.resolve(PACKAGE)))
  } catch {
    return undefined
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
