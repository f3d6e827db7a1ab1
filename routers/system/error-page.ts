/** What the error page needs to know of the instance. */
export interface ErrorPageOptions {
  appName: string
  isProduction: boolean
  onAPIError?: { errorURL?: string }
}

/**
 * Where a browser ends up when a redirect flow fails and the application named no address for that.
 * In production it is sent on to `onAPIError.errorURL`, or to the site's root; otherwise it sees a small page.
 * The error code is reduced to letters, digits, `_`, `'` and `-`, and nothing is shown unescaped.
 */
export function errorPage(url: URL, { appName, isProduction, onAPIError }: ErrorPageOptions): Response {
  const given = url.searchParams.get('error') ?? ''
  const code = /^['A-Za-z0-9_-]+$/.test(given) ? given : 'UNKNOWN'
  const description = url.searchParams.get('error_description')
  if (isProduction || onAPIError?.errorURL) {
    const query = new URLSearchParams({ error: code, ...(description && { error_description: description }) })
    const target = onAPIError?.errorURL ?? '/'
    return new Response(null, {
      status: 302,
      headers: { location: `${target}${target.includes('?') ? '&' : '?'}${query}` },
    })
  }
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
  return new Response(page({ appName, code, description: description ?? '' }), { headers })
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

function page({ appName, code, description }: { appName: string; code: string; description: string }): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Error</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}</style>
</head><body><main><h1>Something went wrong</h1>
<p>${escapeHtml(description) || `${escapeHtml(appName)} could not complete this request.`}</p>
<p>Code: <code>${escapeHtml(code)}</code></p>
<p><a href="/">Return home</a></p></main></body></html>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
