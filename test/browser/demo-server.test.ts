import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, startDemoServer } from '../support/demo-server.ts'

describe('the demo server', { timeout: 60_000 }, () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer({ isFirstStart: true })
  }, 60_000)

  afterAll(() => server?.stop())

  it('prints what to open', () => {
    for (const path of ['', '/api/auth/reference', '/api/auth/openapi.json', '/api/auth/trpc']) {
      expect(server.printed()).toContain(`${server.url}${path}\n`)
    }
    expect(server.printed()).toMatch(/Local ID\s+http:\/\/localhost:\d+ /)
    expect(server.printed()).toMatch(/Database\s+\S+demo\.db \(SQLite\)/)
  })

  it('serves the page with security headers, revalidated, and its assets for ever', async () => {
    const page = await fetch(`${server.url}/reset-password?token=x`)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('referrer-policy')).toBe('same-origin')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(page.headers.get('x-powered-by')).toBeNull()
    const asset = /\/assets\/[\w-]+\.js/.exec(await page.text())?.[0]
    const script = await fetch(`${server.url}${asset}`)
    expect(script.status).toBe(200)
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  it('answers 401 UNAUTHORIZED on a protected route without a session', async () => {
    const answer = await fetch(`${server.url}/me`)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'UNAUTHORIZED' })
  })

  it('does not serve the inbox under a foreign host name', async () => {
    const { port } = new URL(server.url)
    const { request } = await import('node:http')
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: '/dev/inbox', headers: { Host: 'evil.example' } }
      request(options, answer => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
    expect(await (await fetch(`${server.url}/dev/inbox`)).json()).toEqual({ mails: [] })
  })

  it('stops cleanly', async () => {
    expect(await server.stop()).toBe(0)
    expect(server.printed()).toMatch(/Stopped\.\n$/)
  })
})
