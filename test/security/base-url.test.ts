import { describe, expect, it } from 'vitest'
import type { KerniaOptions } from '../../src/index.ts'
import { resolveOptions } from '../../src/options/index.ts'
import { rawRequest } from '../support/raw-request.ts'
import { mounts, startServer } from '../support/start-server.ts'
import { ann, createTestAuth, secret } from '../support/test-auth.ts'
import { everyRoute } from './every-route.ts'

const allowedHosts = ['app.example.com', '*.preview.example.com', 'localhost:3000', '[::1]:3000']
type Dynamic = Extract<KerniaOptions['baseURL'], object>

function createSite(baseURL: Partial<Dynamic> = {}, more: KerniaOptions = {}) {
  const test = createTestAuth({ baseURL: { allowedHosts, ...baseURL }, ...more })
  const send = async (
    headers: Record<string, string>,
    { path = '/ok', body }: { path?: string; body?: object } = {},
  ) => {
    const request = new Request(`http://localhost/api/auth${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body),
    })
    const response = await test.auth.handler(request, { socketAddress: '10.0.0.1', isEncrypted: false })
    return { response, text: await response.text(), cookies: response.headers.getSetCookie() }
  }
  /** Where links lead that are made for such a request. */
  const originOf = async (headers: Record<string, string>) => {
    const { response, text } = await send(headers, { path: '/reset-password/token?callbackURL=' })
    if (response.status !== 302) return `${response.status} ${JSON.parse(text).code}`
    return new URL(response.headers.get('location') ?? '').origin
  }
  return { ...test, send, originOf }
}

/** What a client could name to have links lead to itself. */
const strangers = [
  ...['evil.com', 'app.example.com.evil.com', 'evil.com.', 'app.example.com.', 'xapp.example.com', 'example.com'],
  ...['preview.example.com', 'evilpreview.example.com', 'a.preview.example.com.evil.com', 'a.preview.example.com:8080'],
  ...['app.example.com:8443', 'app.example.com:443', 'localhost', 'localhost:3001', '127.0.0.1:3000', '[::1]:3001'],
  ...['app.example.com@evil.com', 'app.example.com/evil', 'evil.com/app.example.com', 'app.example.com\\evil.com'],
  ...['app.example.com#evil.com', 'app.example.com?evil', 'evil.com#.preview.example.com', 'evil.com,app.example.com'],
  ...[
    'app.example.com, evil.com',
    'app.example.com evil.com',
    'app%2eexample.com',
    '-.preview.example.com',
    'аpp.example.com',
  ],
  ...[
    '.preview.example.com',
    '..preview.example.com',
    'a..preview.example.com',
    '*.preview.example.com',
    '_',
    '"',
    '<',
    '',
  ],
].filter(host => !/[^\x20-\x7e]/.test(host))

describe('several hosts [control 44]', () => {
  it('are each served under the address that the request names', async () => {
    const { originOf } = createSite()
    const cases = [
      ['app.example.com', 'https://app.example.com'],
      ['APP.Example.com', 'https://app.example.com'],
      ['pr-1.preview.example.com', 'https://pr-1.preview.example.com'],
      ['a.b.preview.example.com', 'https://a.b.preview.example.com'],
      ['localhost:3000', 'http://localhost:3000'],
      ['[::1]:3000', 'http://[::1]:3000'],
    ]
    for (const [host = '', origin] of cases) expect.soft([host, await originOf({ host })]).toEqual([host, origin])
  })

  it('are the only ones: any other is refused, by every procedure and every page that names addresses', async () => {
    const { originOf, auth, send } = createSite()
    for (const host of strangers) expect.soft([host, await originOf({ host })]).toEqual([host, '400 INVALID_HOST'])
    const host = 'evil.com'
    for (const { method, path, procedure } of everyRoute(auth)) {
      const body = method === 'GET' ? undefined : {}
      expect.soft((await send({ host }, { path, body })).response.status, path).toBe(400)
      const trpc = await send(
        { host },
        { path: `/trpc/${procedure.path}`, body: procedure.type === 'query' ? undefined : {} },
      )
      expect
        .soft([trpc.response.status, trpc.text], procedure.path)
        .toEqual([400, expect.stringContaining('INVALID_HOST')])
    }
    expect((await send({ host }, { path: '/openapi.json' })).response.status).toBe(400)
  })

  it('or are answered as the fallback', async () => {
    const { originOf } = createSite({ fallback: 'https://www.example.com' })
    for (const host of strangers) expect.soft(await originOf({ host })).toBe('https://www.example.com')
    expect(await originOf({ host: 'app.example.com' })).toBe('https://app.example.com')
  })

  it('never get a link into a mail that leads elsewhere', async () => {
    const { send, inbox } = createSite({ fallback: 'https://www.example.com' })
    await send({ host: 'app.example.com' }, { path: '/sign-up/email', body: ann })
    const hosts = ['app.example.com', 'x.preview.example.com', ...strangers]
    for (const host of hosts) {
      const lies = { 'x-forwarded-host': 'evil.com', 'x-forwarded-proto': 'http', forwarded: 'host=evil.com' }
      await send({ host, ...lies }, { path: '/request-password-reset', body: { email: ann.email } })
    }
    await expect.poll(() => inbox.mails).toHaveLength(hosts.length)
    const links = new Set(inbox.mails.map(({ url }) => new URL(url).origin))
    expect([...links]).toEqual(['https://app.example.com', 'https://x.preview.example.com', 'https://www.example.com'])
  })

  it('are told by a proxy only where the application says so, and only by that proxy', async () => {
    const forwarded = { host: 'internal:8080', 'x-forwarded-host': 'app.example.com', 'x-forwarded-proto': 'https' }
    expect(await createSite().originOf(forwarded)).toBe('400 INVALID_HOST')
    const behind = (trustedProxies?: string[]) =>
      createSite({}, { advanced: { trustedProxyHeaders: true, ipAddress: { trustedProxies } } })
    expect(await behind().originOf(forwarded)).toBe('https://app.example.com')
    expect(await behind(['10.0.0.0/8']).originOf(forwarded)).toBe('https://app.example.com')
    expect(await behind(['192.168.0.0/16']).originOf(forwarded)).toBe('400 INVALID_HOST')
    expect(await behind().originOf({ ...forwarded, 'x-forwarded-host': 'evil.com' })).toBe('400 INVALID_HOST')
    for (const host of strangers.filter(Boolean)) {
      expect.soft(await behind().originOf({ ...forwarded, 'x-forwarded-host': host })).toBe('400 INVALID_HOST')
    }
  })

  it('have the protocol that is configured, else the proxy’s, else https but for the local machine', async () => {
    const host = 'app.example.com'
    const local = { host: 'localhost:3000' }
    expect(await createSite({ protocol: 'http' }).originOf({ host })).toBe('http://app.example.com')
    expect(await createSite({ protocol: 'https' }).originOf(local)).toBe('https://localhost:3000')
    expect(await createSite().originOf({ host, 'x-forwarded-proto': 'http' })).toBe('https://app.example.com')
    const behind = createSite({}, { advanced: { trustedProxyHeaders: true } })
    expect(await behind.originOf({ host, 'x-forwarded-proto': 'http' })).toBe('http://app.example.com')
    expect(await behind.originOf({ ...local, 'x-forwarded-proto': 'https' })).toBe('https://localhost:3000')
    expect(await behind.originOf({ host, 'x-forwarded-proto': 'javascript' })).toBe('https://app.example.com')
  })
})

describe('what follows the host of a request', () => {
  const signUp = (site: ReturnType<typeof createSite>, host: string, headers: Record<string, string> = {}) =>
    site.send(
      { host, ...headers },
      { path: '/sign-up/email', body: { ...ann, email: `${crypto.randomUUID()}@example.com` } },
    )

  it('is whether cookies are secure', async () => {
    const site = createSite()
    expect((await signUp(site, 'app.example.com')).cookies).toEqual([
      expect.stringMatching(/^__Secure-better-auth\.session_token=.*; Secure; SameSite=Lax$/),
    ])
    expect((await signUp(site, 'localhost:3000')).cookies).toEqual([
      expect.stringMatching(/^better-auth\.session_token=[^;]*; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
    const forced = createSite({}, { advanced: { useSecureCookies: true } })
    expect((await signUp(forced, 'localhost:3000')).cookies[0]).toContain('__Secure-')
  })

  it('is the domain of shared cookies, unless one is named', async () => {
    const shared = createSite({}, { advanced: { crossSubDomainCookies: { enabled: true } } })
    expect((await signUp(shared, 'x.preview.example.com')).cookies[0]).toContain('; Domain=x.preview.example.com;')
    const domain = 'example.com'
    const named = createSite({}, { advanced: { crossSubDomainCookies: { enabled: true, domain } } })
    expect((await signUp(named, 'x.preview.example.com')).cookies[0]).toContain('; Domain=example.com;')
  })

  it('is the origin that is trusted, beside those of the other hosts', async () => {
    const site = createSite({ fallback: 'https://www.example.com' }, { trustedOrigins: ['https://partner.example'] })
    const from = async (origin: string, host = 'app.example.com') =>
      (await signUp(site, host, { origin, 'sec-fetch-mode': 'cors' })).response.status
    for (const origin of [
      ...[
        'https://app.example.com',
        'https://a.preview.example.com',
        'https://localhost:3000',
        'http://localhost:3000',
      ],
      ...['http://[::1]:3000', 'https://www.example.com', 'https://partner.example'],
    ]) {
      expect.soft([origin, await from(origin)]).toEqual([origin, 200])
    }
    for (const origin of [
      ...['http://app.example.com', 'http://a.preview.example.com', 'https://preview.example.com', 'https://evil.com'],
      ...['https://app.example.com:8443', 'http://www.example.com', 'null'],
    ]) {
      expect.soft([origin, await from(origin)]).toEqual([origin, 403])
    }
    const plain = createSite({ protocol: 'http' })
    const own = await signUp(plain, 'app.example.com', { origin: 'http://app.example.com', 'sec-fetch-mode': 'cors' })
    expect(own.response.status).toBe(200)
  })

  it('is the address in the OpenAPI document', async () => {
    const { text } = await createSite().send({ host: 'x.preview.example.com' }, { path: '/openapi.json' })
    expect(JSON.parse(text).servers).toEqual([{ url: 'https://x.preview.example.com/api/auth' }])
  })

  it.each(Object.entries(mounts))('is the same on %s', async (_name, mount) => {
    const { origin, inbox } = await startServer({ baseURL: { allowedHosts } }, mount)
    const post = (path: string, host: string, body: object) =>
      rawRequest(origin, {
        method: 'POST',
        path: `/api/auth${path}`,
        headers: { host, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await post('/sign-up/email', 'app.example.com', ann)).status).toBe(200)
    await post('/request-password-reset', 'b.preview.example.com', { email: ann.email })
    expect((await inbox.waitFor(ann.email)).url).toMatch(
      /^https:\/\/b\.preview\.example\.com\/api\/auth\/reset-password\//,
    )
    const refused = await post('/sign-in/email', 'evil.com', ann)
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([400, 'INVALID_HOST'])
  })
})

describe('a call within the process', () => {
  it('is under the fallback, or the host of the headers it is given', async () => {
    const { auth, inbox } = createSite({ fallback: 'https://www.example.com' })
    await auth.caller().signUp.email(ann)
    let mailed = 0
    const linkFor = async (headers: Record<string, string>) => {
      await auth.caller({ headers }).password.requestReset({ email: ann.email })
      await expect.poll(() => inbox.mails).toHaveLength(++mailed)
      return new URL(inbox.mails.at(-1)?.url ?? '').origin
    }
    expect(await linkFor({})).toBe('https://www.example.com')
    expect(await linkFor({ host: 'app.example.com' })).toBe('https://app.example.com')
    expect(await linkFor({ host: 'evil.com' })).toBe('https://www.example.com')
  })

  it('fails clearly when it names no host and there is no fallback', () => {
    const { auth } = createSite()
    expect(() => auth.caller()).toThrow('set baseURL.fallback')
    expect(() => auth.caller({ headers: { host: 'evil.com' } })).toThrow('This host is not served here')
    expect(() => auth.caller({ headers: { host: 'app.example.com' } })).not.toThrow()
  })
})

describe('the base URL [A9, control 43]', () => {
  it('is required in production, be it one or several', () => {
    const production = { NODE_ENV: 'production' }
    expect(() => resolveOptions({ secret }, production)).toThrow('baseURL')
    expect(() => resolveOptions({ secret, baseURL: { allowedHosts } }, production)).not.toThrow()
  })

  it.each<[Dynamic, string]>([
    [{ allowedHosts: [] }, 'names no host'],
    [{ allowedHosts: ['*'] }, 'allows every host'],
    [{ allowedHosts: ['app.example.com', '**'] }, 'allows every host'],
    [{ allowedHosts: ['*.*'] }, 'allows every host'],
    [{ allowedHosts: ['https://*'] }, 'allows every host'],
    [{ allowedHosts: ['*:*'] }, 'allows every host'],
    [{ allowedHosts, fallback: 'app.example.com' }, 'not an http(s) address'],
    [{ allowedHosts, protocol: 'ftp' as 'http' }, 'protocol'],
  ])('%j makes no sense', (baseURL, message) => {
    expect(() => resolveOptions({ secret, baseURL }, {})).toThrow(message)
  })

  it('and what is trusted do not change after the start, whatever the application does to its objects', async () => {
    const trustedOrigins = ['https://a.example']
    const baseURL = { allowedHosts: ['app.example.com'], fallback: 'https://www.example.com' }
    const { auth } = createTestAuth({ baseURL, trustedOrigins })
    trustedOrigins.push('https://evil.com')
    baseURL.allowedHosts.push('evil.com')
    baseURL.fallback = 'https://evil.com'
    const { options } = auth.context
    expect(options.trustedOrigins).toEqual(['https://a.example'])
    expect(() => (options.trustedOrigins as string[]).push('https://evil.com')).toThrow(TypeError)
    for (const key of ['origin', 'baseURL', 'basePath', 'trustedOrigins', 'hosts'] as const) {
      expect(() => Object.assign(options, { [key]: 'https://evil.com' })).toThrow(TypeError)
    }
    const request = new Request('http://evil.com/api/auth/reset-password/x?callbackURL=', {
      headers: { host: 'evil.com' },
    })
    expect((await auth.handler(request)).headers.get('location')).toMatch(/^https:\/\/www\.example\.com\//)
  })
})

describe('origins to trust', () => {
  const origins = async (options: KerniaOptions, env: NodeJS.ProcessEnv) =>
    resolveOptions({ secret, ...options }, env).moreTrustedOrigins

  it('are taken from the environment too, from our variable and Better Auth’s', async () => {
    const env = {
      KERNIA_TRUSTED_ORIGINS: 'https://a.example, https://*.b.example,,',
      BETTER_AUTH_TRUSTED_ORIGINS: 'myapp://',
    }
    expect(await origins({}, env)).toEqual(['https://a.example', 'https://*.b.example', 'myapp://'])
    expect(await origins({}, {})).toEqual([])
  })
})
