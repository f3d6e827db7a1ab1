import { describe, expect, it } from 'vitest'
import { FIXTURES } from './fixtures/index.ts'
import { failureOf, makeProvider, PROVIDER_IDS } from './make-provider.ts'
import { type Answer, startProviders } from './provider-server.ts'

const NOW = new Date('2026-01-01T00:00:00Z')
const EXCHANGE = { code: 'CODE', codeVerifier: 'VERIFIER', redirectURI: 'https://app.example/cb', deviceId: 'DEVICE' }
const later = (seconds?: number) => (seconds === undefined ? undefined : new Date(NOW.getTime() + seconds * 1000))
const basic = `Basic ${Buffer.from('CID:CS').toString('base64')}`

describe.each(PROVIDER_IDS)('token endpoint of %s', id => {
  const fixture = FIXTURES[id]
  const method = fixture.clientAuth === 'query' ? 'GET' : 'POST'
  const provider = makeProvider(id, fixture.options, { now: () => NOW })
  const start = (answer: Answer, url = fixture.tokenURL) => startProviders({ [`${method} ${url}`]: answer })
  const exchangeWith = async (answer: Answer) => {
    const server = await start(answer)
    return failureOf(provider.exchangeCode(EXCHANGE, server.fetch))
  }

  it('trades a code', async () => {
    const server = await start({ json: fixture.tokens })
    const tokens = await provider.exchangeCode(EXCHANGE, server.fetch)
    const [access, refresh] = fixture.lifetimes ?? []
    expect(tokens).toMatchObject({ accessToken: 'ACCESS', scopes: fixture.scopes, raw: fixture.tokens })
    expect(tokens.refreshToken).toBe(fixture.tokens.refresh_token)
    expect(tokens.accessTokenExpiresAt).toEqual(later(access))
    expect(tokens.refreshTokenExpiresAt).toEqual(later(refresh))
    expect(server.seen).toHaveLength(1)
    const [{ form, query, headers }] = server.seen as [(typeof server.seen)[0]]
    const sent = fixture.clientAuth === 'query' ? query : form
    expect(sent.grant_type).toBe('authorization_code')
    expect(sent.code).toBe('CODE')
    expect(sent.code_verifier).toBe(provider.usesPkce ? 'VERIFIER' : undefined)
    expect(sent.device_id).toBe(id === 'vk' ? 'DEVICE' : undefined)
    if (fixture.clientAuth === 'query') return expect(sent).toMatchObject({ appid: 'CID', secret: 'CS' })
    expect(headers['content-type']).toContain('application/x-www-form-urlencoded')
    expect(headers.accept).toBe('application/json')
    expect(sent.redirect_uri).toBe('https://app.example/cb')
    const isBasic = fixture.clientAuth === 'basic'
    expect(headers.authorization).toBe(isBasic ? basic : undefined)
    expect(sent.client_secret).toBe(isBasic ? undefined : 'CS')
    expect(id === 'tiktok' ? sent.client_key : sent.client_id).toBe(
      isBasic ? undefined : id === 'tiktok' ? 'CK' : 'CID',
    )
  })

  it('sends the redirect address of the options', async () => {
    const server = await start({ json: fixture.tokens })
    await makeProvider(id, { redirectURI: 'https://elsewhere.example/cb' }).exchangeCode(EXCHANGE, server.fetch)
    if (id !== 'wechat') expect(server.seen[0]?.form.redirect_uri).toBe('https://elsewhere.example/cb')
  })

  it('refreshes, as the client that it is [A16, control 73]', async () => {
    if (!fixture.refresh) return expect(provider.refreshTokens).toBeUndefined()
    const { url = fixture.tokenURL, answer } = fixture.refresh
    const server = await start({ json: answer }, url)
    const tokens = await provider.refreshTokens?.('OLD', server.fetch)
    expect(tokens?.accessToken).toBe('ACCESS2')
    expect(tokens?.refreshToken).toBe(answer.refresh_token)
    expect(tokens?.accessTokenExpiresAt).toEqual(answer.expires_in ? later(60) : undefined)
    const { form, query, headers } = server.seen[0] ?? {}
    expect({ ...query, ...form }).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'OLD' })
    expect(headers?.authorization).toBe(fixture.clientAuth === 'basic' ? basic : undefined)
    if (fixture.clientAuth === 'post') expect(form?.client_secret).toBe('CS')
    if (id === 'microsoft') expect(form?.scope).toBe('openid profile email User.Read offline_access')
  })

  it('refreshes by the application if that is how it wants it', async () => {
    const own = makeProvider(id, { refreshAccessToken: async (token: string) => ({ accessToken: `own ${token}` }) })
    const nothing = () => Promise.reject(new Error('nothing should be called'))
    expect(await own.refreshTokens?.('OLD', nothing)).toEqual({ accessToken: 'own OLD' })
  })

  it('tells a refusal without what was sent or answered', async () => {
    const { status, body, code } = fixture.refusal
    const failure = await exchangeWith({ status, json: body })
    expect(failure).toMatchObject({ code: 'TOKEN_REFUSED', provider: id, providerError: code, status })
    expect(JSON.stringify(failure) + failure.message).not.toMatch(/CODE\b.*alice|VERIFIER|ACCESS|CS\b/)
  })

  it.each([
    ['malformed JSON', { text: '{"access_token":"ACC' }, 'TOKEN_RESPONSE_INVALID'],
    ['a page', { text: '<html>login</html>', headers: { 'content-type': 'text/html' } }, 'TOKEN_RESPONSE_INVALID'],
    ['a list', { json: ['ACCESS'] }, 'TOKEN_RESPONSE_INVALID'],
    ['nothing', { text: '' }, 'TOKEN_RESPONSE_INVALID'],
    ['no access token', { json: { token_type: 'bearer' } }, 'TOKEN_RESPONSE_INVALID'],
    ['an access token that is no text', { json: { access_token: 42 } }, 'TOKEN_RESPONSE_INVALID'],
    ['500', { status: 500, json: { access_token: 'ACCESS' } }, 'PROVIDER_UNAVAILABLE'],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/' }, json: {} }, 'TOKEN_REFUSED'],
    ['two megabytes', { text: `"${'x'.repeat(2 ** 21)}"` }, 'PROVIDER_UNAVAILABLE'],
  ] as const)('is not fooled by %s', async (_, answer, code) => {
    expect((await exchangeWith(answer)).code).toBe(code)
  })
})

describe('token answers', () => {
  it('may be form-encoded, as of old', async () => {
    const text = 'access_token=ACCESS&scope=a%2Cb&token_type=bearer&expires_in=60'
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const server = await startProviders({ [`POST ${FIXTURES.github.tokenURL}`]: { text, headers } })
    const tokens = await makeProvider('github', {}, { now: () => NOW }).exchangeCode(EXCHANGE, server.fetch)
    expect(tokens).toMatchObject({ accessToken: 'ACCESS', scopes: ['a', 'b'], accessTokenExpiresAt: later(60) })
  })

  it('have lifetimes only when they make sense', async () => {
    for (const expires_in of [0, -1, 'soon', null, Number.MAX_VALUE, {}]) {
      const json = { access_token: 'ACCESS', expires_in }
      const server = await startProviders({ [`POST ${FIXTURES.github.tokenURL}`]: { json } })
      const tokens = await makeProvider('github').exchangeCode(EXCHANGE, server.fetch)
      expect(tokens.accessTokenExpiresAt).toBeUndefined()
    }
  })

  it.each([
    [{ ok: false, access_token: 'ACCESS' }, undefined],
    [{ error: 'the code CODE of alice@example.com', access_token: 'ACCESS' }, undefined],
    [{ error: 'x'.repeat(65) }, undefined],
    [{ error: { message: 'CODE' }, access_token: 'ACCESS' }, undefined],
    [{ error: 'slow_down' }, 'slow_down'],
  ])('that say no are no tokens, and only a code of theirs is repeated: %j', async (json, providerError) => {
    const { fetch } = await startProviders({ [`POST ${FIXTURES.slack.tokenURL}`]: { json } })
    const failure = await failureOf(makeProvider('slack').exchangeCode(EXCHANGE, fetch))
    expect(failure).toMatchObject({ code: 'TOKEN_REFUSED', providerError })
  })

  it('never come when nobody answers', async () => {
    const { fetch } = await startProviders()
    const unreachable: typeof fetch = () => fetch('https://nowhere.example/', { signal: AbortSignal.abort() })
    expect((await failureOf(makeProvider('github').exchangeCode(EXCHANGE, unreachable))).code).toBe(
      'PROVIDER_UNAVAILABLE',
    )
  })
})
