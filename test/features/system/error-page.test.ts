import { afterEach, describe, expect, it, vi } from 'vitest'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'

const attacks = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; alert(1); '",
  '</title><script>alert(1)</script>',
  '<svg/onload=alert(1)>',
  '&lt;b&gt;',
  '\u2028<script>',
  'javascript:alert(1)',
  '{{7*7}}',
]

const page = (query: Record<string, string>, options: Parameters<typeof createTestAuth>[0] = {}) =>
  visit(createTestAuth(options).auth).get(`/error?${new URLSearchParams(query)}`)

/** The page's elements, attributes included. */
const elementsOf = (html: string) => html.match(/<[^>]*>/g)

afterEach(() => vi.unstubAllEnvs())

describe('the error page [A2, control 46]', () => {
  it('shows code and description', async () => {
    const { status, text, headers } = await page({ error: 'INVALID_TOKEN', error_description: 'The link is too old' })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text).toContain('<code>INVALID_TOKEN</code>')
    expect(text).toContain('The link is too old')
  })

  it.each(attacks)('shows %j as text, never as an element', async attack => {
    const harmless = await page({ error: 'UNKNOWN', error_description: 'text' })
    const queries: Record<string, string>[] = [
      { error: attack, error_description: 'text' },
      { error_description: attack },
    ]
    for (const query of queries) {
      const { text } = await page(query)
      expect(elementsOf(text)).toEqual(elementsOf(harmless.text))
    }
  })

  it('shows only codes made of harmless characters', async () => {
    for (const error of [...attacks, '', 'a b', 'ä', 'AAA\n', '%00']) {
      expect((await page({ error })).text).toContain('<code>UNKNOWN</code>')
    }
    expect((await page({ error: "It's_a-CODE1" })).text).toContain('<code>It&#39;s_a-CODE1</code>')
  })

  it("escapes the application's name too", async () => {
    expect((await page({}, { appName: '<b>Acme</b>' })).text).toContain('&#60;b&#62;Acme&#60;/b&#62;')
  })

  it('lets the browser run and load nothing, and be framed by nobody', async () => {
    const { headers } = await page({ error: 'X' })
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src|unsafe-eval/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('is the application’s own in production, or the root of the site', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const { status, headers, text } = await page({ error: 'INVALID_TOKEN', error_description: 'too old & gone' })
    expect([status, text]).toEqual([302, ''])
    expect(headers.get('location')).toBe('/?error=INVALID_TOKEN&error_description=too+old+%26+gone')
  })

  it('is where the application says', async () => {
    const errorURL = 'https://app.example.com/oops?from=auth'
    const { status, headers } = await page({ error: '<script>' }, { onAPIError: { errorURL } })
    expect([status, headers.get('location')]).toEqual([302, 'https://app.example.com/oops?from=auth&error=UNKNOWN'])
  })

  it('cannot be made to lead elsewhere', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    for (const attack of ['//evil.com', 'x\r\nlocation: https://evil.com', '\\evil.com', ...attacks]) {
      const { headers } = await page({ error: attack, error_description: attack, callbackURL: 'https://evil.com' })
      const location = new URL(headers.get('location') ?? '', 'http://localhost:3000')
      expect([location.origin, location.pathname]).toEqual(['http://localhost:3000', '/'])
    }
  })
})

describe('whether the server is up', () => {
  it('is told without a database', async () => {
    const { status, body } = await visit(createTestAuth().auth).get('/ok')
    expect([status, body]).toEqual([200, { ok: true }])
  })
})
