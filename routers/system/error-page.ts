import type { APIErrorOptions, ErrorPageStyle } from '../../src/options/api-error.ts'

/** What the error page needs to know of the instance. */
export interface ErrorPageOptions {
  appName: string
  isProduction: boolean
  onAPIError?: APIErrorOptions
}

/**
 * Where a browser ends up when a redirect flow fails and the application named no address for that.
 * It is sent on to `onAPIError.errorURL`, or in production to the site's root; otherwise, and where the application
 * styled it, it sees a small page. The error code is reduced to letters, digits, `_`, `'` and `-`, and nothing is shown
 * unescaped.
 */
export function errorPage(url: URL, { appName, isProduction, onAPIError = {} }: ErrorPageOptions): Response {
  const given = url.searchParams.get('error') ?? ''
  const code = /^['A-Za-z0-9_-]+$/.test(given) ? given : 'UNKNOWN'
  const description = url.searchParams.get('error_description')
  const { errorURL, customizeDefaultErrorPage: style } = onAPIError
  if (errorURL || (isProduction && !style)) {
    const query = new URLSearchParams({ error: code, ...(description && { error_description: description }) })
    const target = errorURL ?? '/'
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
  return new Response(page({ appName, code, description: description ?? '', style }), { headers })
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

interface PageContent {
  appName: string
  code: string
  description: string
  style: ErrorPageStyle | undefined
}

function page({ appName, code, description, style }: PageContent): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Error</title>
<style>${styleSheet(style)}</style>
</head><body><main><h1>Something went wrong</h1>
<p>${escapeHtml(description) || `${escapeHtml(appName)} could not complete this request.`}</p>
<p class="code">Code: <code>${escapeHtml(code)}</code></p>
<p><a href="/">Return home</a></p></main></body></html>`
}

function styleSheet({
  colors = {},
  size = {},
  font = {},
  disableTitleBorder,
  disableCornerDecorations,
  disableBackgroundGrid,
}: ErrorPageStyle = {}): string {
  const { background = 'Canvas', foreground = 'CanvasText', border = 'GrayText' } = colors
  const title = colors.titleBorder && !disableTitleBorder ? `border-bottom:2px solid ${colors.titleBorder}` : ''
  const corners = colors.cornerBorder && !disableCornerDecorations ? `border-color:${colors.cornerBorder}` : ''
  const line = `${colors.gridColor} 1px,transparent 1px`
  const grid = `background-image:linear-gradient(to right,${line}),linear-gradient(${line});background-size:40px 40px`
  const rules: [string, string][] = [
    [':root', 'color-scheme:light dark'],
    ['body', `background:${background};color:${foreground};margin:0 1rem`],
    ['body', `font:1rem/1.5 ${font.defaultFamily ?? 'system-ui,sans-serif'}`],
    ['body', colors.gridColor && !disableBackgroundGrid ? grid : ''],
    ['main', `max-width:32rem;margin:15vh auto;padding:1.5rem;border:1px solid ${border}`],
    ['main', `border-radius:${size.radiusLg ?? size.radiusMd ?? size.radiusSm ?? '0.5rem'}`],
    ['main', `background:${colors.cardBackground ?? background};${corners}`],
    ['h1', `font-size:${size.text4xl ?? size.text6xl ?? size.text2xl ?? '1.75rem'};margin-top:0;${title}`],
    ['h1', colors.titleColor ? `color:${colors.titleColor}` : ''],
    ['.code', `color:${colors.mutedForeground ?? foreground};font-size:${size.textSm ?? '0.875rem'}`],
    ['code', `color:${colors.destructive ?? 'inherit'};font-family:${font.monoFamily ?? 'ui-monospace,monospace'}`],
    ['a', colors.primary ? `color:${colors.primary};background:${colors.primaryForeground ?? 'none'}` : ''],
  ]
  // A value that could end its rule or the sheet is no value.
  return rules.map(([selector, text]) => (text ? `${selector}{${text.replace(/[<>{}]/g, '')}}` : '')).join('')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
