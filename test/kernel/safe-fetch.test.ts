import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createSafeFetch, type SafeFetchOptions } from '../../src/safe-fetch.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const refusal = async (url: string, options: SafeFetchOptions = {}) => {
  const outcome = await createSafeFetch({ timeoutMs: 2000, ...options })(url).catch((error: unknown) => error)
  return (outcome as { code?: string }).code
}

const inside = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://localhost/',
  'https://0.0.0.0/',
  'https://10.0.0.1/',
  'https://100.64.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://192.0.0.192/',
  'https://198.18.0.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://[::]/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[64:ff9b:1::1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001::1]/',
  'https://[2001:db8::1]/',
  'https://[fc00::1]/',
  'https://[fd00:ec2::254]/',
  'https://[fe80::1]/',
  'https://[ff02::1]/',
]

describe('a safe fetch [A17, control 45]', () => {
  it.each(inside)('does not call %s', async url => {
    expect(await refusal(url)).toBe('ADDRESS')
  })

  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'gopher://example.com/',
    'https://user:password@example.com/',
    'http://127.0.0.1:1/',
  ])('does not call %s, for its scheme or form', async url => {
    expect(await refusal(url)).toBe('SCHEME')
  })

  it('in development calls loopback, by http too, and nothing else that is private', async () => {
    const origin = await listen((_request, response) => response.end('hello'))
    const safeFetch = createSafeFetch({ allowLoopback: true })
    expect(await (await safeFetch(origin)).text()).toBe('hello')
    expect(await (await safeFetch(origin.replace('127.0.0.1', 'localhost'))).text()).toBe('hello')
    expect(await refusal('https://10.0.0.1/', { allowLoopback: true })).toBe('ADDRESS')
    expect(await refusal('http://10.0.0.1/', { allowLoopback: true })).toBe('SCHEME')
    expect(await refusal('https://[::ffff:10.0.0.1]/', { allowLoopback: true })).toBe('ADDRESS')
  })

  it('calls a private host that is named', async () => {
    const origin = await listen((_request, response) => response.end('hello'))
    const response = await createSafeFetch({ allowedHosts: ['127.0.0.1'] })(origin)
    expect(await response.text()).toBe('hello')
  })

  it('follows no redirect', async () => {
    const origin = await listen((request, response) => {
      if (request.url === '/inside') return void response.end('secret')
      response.writeHead(302, { location: '/inside' }).end()
    })
    const response = await createSafeFetch({ allowLoopback: true })(origin)
    expect([response.status, response.headers.get('location')]).toEqual([302, '/inside'])
  })

  it('stops reading an answer that is too large', async () => {
    const origin = await listen((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(50_000)), 1)
      response.on('close', () => clearInterval(timer))
    })
    expect(await refusal(origin, { allowLoopback: true, maxBytes: 200_000 })).toBe('TOO_LARGE')
  })

  it('waits for no answer longer than it may', async () => {
    const origin = await listen(() => undefined)
    expect(await refusal(origin, { allowLoopback: true, timeoutMs: 50 })).toBe('TIMEOUT')
    const dripping = await listen((_request, response) => {
      const timer = setInterval(() => response.write('x'), 10)
      response.on('close', () => clearInterval(timer))
    })
    expect(await refusal(dripping, { allowLoopback: true, timeoutMs: 100 })).toBe('TIMEOUT')
  })

  it('sends forms, headers and methods, and reads status, headers and bodies', async () => {
    const origin = await listen((request, response) => {
      let body = ''
      request.on('data', chunk => (body += chunk))
      request.on('end', () => {
        const { method, headers } = request
        response.writeHead(201, { 'content-type': 'application/json', 'x-a': 'b' })
        response.end(JSON.stringify({ method, type: headers['content-type'], accept: headers.accept, body }))
      })
    })
    const response = await createSafeFetch({ allowLoopback: true })(origin, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ code: 'a b' }),
    })
    expect([response.status, response.headers.get('x-a')]).toEqual([201, 'b'])
    expect(await response.json()).toEqual({
      method: 'POST',
      type: 'application/x-www-form-urlencoded',
      accept: 'application/json',
      body: 'code=a+b',
    })
  })

  it('tells that a server is not there', async () => {
    expect(await refusal('http://127.0.0.1:1/', { allowLoopback: true })).toBe('FAILED')
    expect(await refusal('https://no-such-host.invalid/')).toBe('FAILED')
  })
})
