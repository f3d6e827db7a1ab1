import { describe, expect, it } from 'vitest'
import { type OpenAPIOptions, openAPI } from '../../../routers/open-api/index.ts'
import { definePlugin } from '../../../src/index.ts'
import { rawRequest } from '../../support/raw-request.ts'
import { startServer } from '../../support/start-server.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'

const start = (options?: OpenAPIOptions) => visit(createTestAuth({ plugins: [openAPI(options)] }).auth)

describe('openAPI()', () => {
  it('adds the document under the address that Better Auth has it at, the same one', async () => {
    const { auth } = createTestAuth({ plugins: [openAPI()] })
    const { status, text } = await visit(auth).get('/open-api/generate-schema')
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(auth.openApiDocument())))
    expect((await visit(auth).get('/openapi.json')).text).toBe(text)
    const without = visit(createTestAuth().auth)
    expect((await without.get('/open-api/generate-schema')).status).toBe(404)
    expect((await without.get('/reference')).status).toBe(200)
  })

  it('moves the page and its script', async () => {
    const { origin } = await startServer({ basePath: '/auth', plugins: [openAPI({ path: '/docs/api' })] })
    const page = await rawRequest(origin, { path: '/auth/docs/api' })
    expect(page.text).toContain('src="/auth/docs/api/scalar.js"')
    expect(page.text).toContain('data-url="/auth/openapi.json"')
    const script = await rawRequest(origin, { path: '/auth/docs/api/scalar.js' })
    expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
    for (const path of ['/reference', '/reference/scalar.js', '/docs']) {
      expect((await rawRequest(origin, { path: `/auth${path}` })).status).toBe(404)
    }
  })

  it('gives the page a theme, and its scripts a nonce', async () => {
    const { text, headers } = await start({ theme: 'moon', nonce: 'bm9uY2U=' }).get('/reference')
    expect(text).toContain('&#34;theme&#34;:&#34;moon&#34;')
    expect(text.match(/<script[^>]* nonce="bm9uY2U="/g)).toHaveLength(2)
    // A value that never changes is no nonce for our own policy.
    expect(headers.get('content-security-policy')).not.toContain('nonce')
    expect((await start().get('/reference')).text).not.toMatch(/theme|nonce/)
  })

  it('takes the page away', async () => {
    const visitor = start({ disableDefaultReference: true })
    for (const path of ['/reference', '/reference/scalar.js']) {
      const { status, body } = await visitor.get(path)
      expect([status, body.code]).toEqual([404, 'NOT_FOUND'])
    }
    expect((await visitor.get('/open-api/generate-schema')).status).toBe(200)
  })

  it.each(['docs', '/docs/', '//docs', '/:id', '/a b', '/%2e', '/docs?x'])('refuses the path %s', path => {
    expect(() => openAPI({ path })).toThrow('openAPI: path')
  })

  it('refuses a nonce that could end its attribute', () => {
    expect(() => openAPI({ nonce: '"><script>' })).toThrow('openAPI: nonce')
  })
})

describe('pages of plugins', () => {
  const page = (text: string) => definePlugin({ id: text, pages: { '/hello': () => new Response(text) } })

  it('are reached by GET, and switched off like procedures', async () => {
    const visitor = visit(createTestAuth({ plugins: [page('one')] }).auth)
    expect((await visitor.get('/hello')).text).toBe('one')
    expect((await visitor.post('/hello', {})).status).toBe(404)
    const off = visit(createTestAuth({ plugins: [page('one')], disabledPaths: ['/hello', '/reference'] }).auth)
    for (const path of ['/hello', '/reference']) expect((await off.get(path)).body.code).toBe('NOT_FOUND')
  })

  it('cannot stand in the place of another page or of a procedure', () => {
    expect(() => createTestAuth({ plugins: [page('one'), page('two')] })).toThrow('two answer to GET /hello')
    expect(() => createTestAuth({ plugins: [openAPI({ path: '/ok' })] })).toThrow('two answer to GET /ok')
    expect(() => createTestAuth({ plugins: [openAPI({ path: '/openapi.json' })] })).toThrow('GET /openapi.json')
  })

  it('that fail say nothing about why', async () => {
    const failing = definePlugin({
      id: 'failing',
      pages: {
        '/hello': () => {
          throw new Error('the password is 1234')
        },
      },
    })
    const { auth, log } = createTestAuth({ plugins: [failing] })
    const { status, text } = await visit(auth).get('/hello')
    expect(status).toBe(500)
    expect(text).not.toContain('1234')
    expect(log).toHaveLength(1)
  })
})
