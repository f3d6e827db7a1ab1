import { readFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { launchChromium, skipWithoutChromium } from '../support/chromium.ts'
import { rawRequest } from '../support/raw-request.ts'
import { startServer } from '../support/start-server.ts'

describe('the reference page', () => {
  it('is HTML with a policy that lets nothing in from elsewhere', async () => {
    const { origin } = await startServer({ appName: 'Ann & <b>Bo</b>' })
    const page = await rawRequest(origin, { path: '/api/auth/reference' })
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.text).toContain('<title>Ann &#38; &#60;b&#62;Bo&#60;/b&#62;</title>')
    expect(page.text).not.toMatch(/https?:|\/\/[a-z]/i)

    const policy = String(page.headers['content-security-policy']).split('; ')
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"]),
    )
    expect(policy.find(rule => rule.startsWith('script-src'))).not.toContain('unsafe-inline')
    expect(policy.join(' ')).not.toMatch(/https?:|\*|[a-z]\.[a-z]/)
  })

  it('has its script from the npm package', async () => {
    const { origin } = await startServer()
    const page = await rawRequest(origin, { path: '/api/auth/reference' })
    const path = /<script src="([^"]+)"/.exec(page.text)?.[1] ?? ''
    expect(path).toBe('/api/auth/reference/scalar.js')
    const script = await rawRequest(origin, { path })
    expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
    const file = new URL('../../node_modules/@scalar/api-reference/dist/browser/standalone.js', import.meta.url)
    const bundle = await readFile(file, 'utf8')
    expect(script.text === bundle).toBe(true)
  })

  it.skipIf(skipWithoutChromium())(
    'shows the operations in a browser, which asks no other host and breaks no rule of the policy',
    async () => {
      const { origin } = await startServer({ appName: 'Reference test' })
      const browser = await launchChromium()
      onTestFinished(() => browser.close())
      const page = await browser.newPage()
      const asked: string[] = []
      const complaints: string[] = []
      page.on('request', request => void asked.push(request.url()))
      page.on('console', message => void (message.type() === 'error' && complaints.push(message.text())))
      page.on('pageerror', error => void complaints.push(String(error)))
      await page.goto(`${origin}/api/auth/reference`)
      await page.getByText('Signs in with e-mail and password').first().waitFor({ timeout: 30_000 })
      const foreign = asked.filter(url => !url.startsWith(origin) && !/^(data|blob):/.test(url))
      expect(foreign).toEqual([])
      expect(complaints).toEqual([])
    },
    60_000,
  )
})
