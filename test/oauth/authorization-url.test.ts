import { describe, expect, it } from 'vitest'
import { socialProviders } from '../../src/oauth/providers/index.ts'
import { GOLDEN_OPTIONS, GOLDEN_REQUEST, GOLDENS, TAKES_LOGIN_HINT } from './goldens.ts'
import { failureOf, makeProvider, PROVIDER_IDS, refuseAll } from './make-provider.ts'

const withoutPkce = [
  'apple',
  'discord',
  'facebook',
  'slack',
  'twitch',
  'linear',
  'linkedin',
  'tiktok',
  'reddit',
  'roblox',
]
withoutPkce.push('notion', 'kakao', 'naver', 'wechat')

describe.each(PROVIDER_IDS)('authorization URL of %s', id => {
  const ask = async (options: object = {}, request: object = {}) =>
    makeProvider(id, options).authorizationURL({ ...GOLDEN_REQUEST, ...request }, refuseAll)

  it('equals the golden', async () => {
    expect((await ask()).href).toBe(GOLDENS[id])
  })

  it('never carries the verifier or the secret', async () => {
    const { href } = await ask({ clientSecret: 'a-very-secret-secret' }, { nonce: 'NONCE', loginHint: 'a@b.example' })
    expect(href).not.toContain(GOLDEN_REQUEST.codeVerifier)
    expect(href).not.toContain('a-very-secret-secret')
  })

  it('has PKCE where the table says so, and where it is switched on', async () => {
    expect(makeProvider(id).usesPkce).toBe(!withoutPkce.includes(id))
    const url = await ask({ pkce: true })
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect((await ask({ pkce: false })).searchParams.has('code_challenge')).toBe(false)
  })

  it('has the scopes of the options and of the call, each once', async () => {
    const url = await ask({ scope: ['one', 'two'] }, { scopes: ['two', 'three'] })
    const golden = new URL(GOLDENS[id]).searchParams.get('scope') ?? ''
    const scopes = (url.searchParams.get('scope') ?? '').split(/[ ,]/)
    expect(scopes.toSorted()).toEqual([...golden.split(/[ ,]/), 'one', 'two', 'three'].filter(Boolean).toSorted())
  })

  it('has no default scopes when they are disabled', async () => {
    const url = await ask({ disableDefaultScope: true, scope: ['only'] })
    expect(url.searchParams.get('scope')).toBe('only')
  })

  it('has the redirect address of the options', async () => {
    const url = await ask({ redirectURI: 'https://elsewhere.example/cb' })
    expect(url.searchParams.get('redirect_uri')).toBe('https://elsewhere.example/cb')
  })

  it('goes to the endpoint of the options, and keeps its query', async () => {
    const url = await ask({ authorizationEndpoint: 'https://sandbox.example/auth?tenant=t' })
    expect(url.origin + url.pathname).toBe('https://sandbox.example/auth')
    expect(url.searchParams.get('tenant')).toBe('t')
    expect(url.searchParams.get('state')).toBe('STATE')
  })

  it('passes a login hint on where the table says so', async () => {
    const url = await ask({}, { loginHint: 'alice@example.com' })
    expect(url.searchParams.get('login_hint')).toBe(TAKES_LOGIN_HINT.includes(id) ? 'alice@example.com' : null)
  })

  it('has a nonce only where it is checked', async () => {
    const { usesNonce } = makeProvider(id)
    expect(usesNonce).toBe(['apple', 'cognito', 'google', 'line', 'microsoft', 'paybin', 'twitch'].includes(id))
    expect((await ask({}, { nonce: 'NONCE' })).searchParams.get('nonce')).toBe(usesNonce ? 'NONCE' : null)
  })

  it('takes additional parameters, but none of the protocol', async () => {
    const url = await ask({}, { additionalParams: { audience: 'them' } })
    expect(url.searchParams.get('audience')).toBe('them')
    for (const name of ['state', 'redirect_uri', 'code_challenge', 'nonce', 'client_id', 'scope', 'request_uri']) {
      const failure = await failureOf(ask({}, { additionalParams: { [name]: 'mine' } }))
      expect(failure.code).toBe('RESERVED_PARAMETER')
    }
  })

  it('is not made without client id or secret', async () => {
    const idName = id === 'tiktok' ? 'clientKey' : 'clientId'
    const isPublic = id === 'microsoft' || id === 'cognito'
    for (const [name, value] of [
      [idName, undefined],
      [idName, ''],
      ['clientSecret', undefined],
      ['clientSecret', ''],
    ] as const) {
      const provider = makeProvider(id, { [name]: value })
      const isNeeded = !(isPublic && name === 'clientSecret')
      expect(provider.missing).toEqual(isNeeded ? [name] : [])
      if (!isNeeded) continue
      const failures = [
        await failureOf(provider.authorizationURL(GOLDEN_REQUEST, refuseAll)),
        await failureOf(provider.exchangeCode({ code: 'c', redirectURI: 'r' }, neverCalled)),
      ]
      for (const { code, message } of failures) {
        expect(code).toBe('PROVIDER_NOT_CONFIGURED')
        expect(message).toContain(name)
      }
    }
  })
})

const neverCalled = () => Promise.reject(new Error('nothing should be called'))

describe('authorization URL options of single providers', () => {
  const parametersOf = async (id: keyof typeof GOLDENS, options: object, request: object = {}) =>
    Object.fromEntries(
      (await makeProvider(id, options).authorizationURL({ ...GOLDEN_REQUEST, ...request }, refuseAll)).searchParams,
    )

  it('there are 35 of them', () => {
    expect(Object.keys(socialProviders)).toHaveLength(35)
    expect(Object.keys(GOLDENS).toSorted()).toEqual(Object.keys(socialProviders).toSorted())
    expect(Object.keys(GOLDEN_OPTIONS)).toHaveLength(2)
  })

  it('the first of several client ids signs in', async () => {
    for (const id of ['apple', 'cognito', 'facebook', 'google', 'microsoft'] as const) {
      expect((await parametersOf(id, { clientId: ['web', 'ios'] })).client_id).toBe('web')
      expect(makeProvider(id, { clientId: [] }).missing).toEqual(['clientId'])
      expect(makeProvider(id, { clientId: ['', 'ios'] }).missing).toEqual(['clientId'])
    }
  })

  it('prompt', async () => {
    for (const id of ['atlassian', 'cognito', 'github', 'microsoft', 'google', 'paybin', 'paypal', 'polar'] as const) {
      expect((await parametersOf(id, {})).prompt).toBeUndefined()
      expect((await parametersOf(id, { prompt: 'login' })).prompt).toBe('login')
    }
    expect((await parametersOf('discord', { prompt: 'consent' })).prompt).toBe('consent')
    expect((await parametersOf('roblox', { prompt: 'login' })).prompt).toBe('login')
  })

  it('response mode', async () => {
    expect((await parametersOf('google', { responseMode: 'form_post' })).response_mode).toBe('form_post')
    expect((await parametersOf('apple', { responseMode: 'query' })).response_mode).toBe('query')
  })

  it('google: hosted domain, access type, display', async () => {
    const options = { hd: 'example.com', accessType: 'offline', display: 'popup', prompt: 'consent' }
    expect(await parametersOf('google', options)).toMatchObject({
      hd: 'example.com',
      access_type: 'offline',
      display: 'popup',
      prompt: 'consent',
    })
    expect((await parametersOf('google', options, { display: 'touch' })).display).toBe('touch')
  })

  it('the rest', async () => {
    expect((await parametersOf('facebook', { configId: '42' })).config_id).toBe('42')
    expect((await parametersOf('dropbox', { accessType: 'offline' })).token_access_type).toBe('offline')
    expect((await parametersOf('reddit', { duration: 'permanent' })).duration).toBe('permanent')
    expect((await parametersOf('wechat', { lang: 'en' })).lang).toBe('en')
    expect(JSON.parse((await parametersOf('twitch', { claims: ['updated_at'] })).claims ?? '')).toEqual({
      id_token: { email: null, email_verified: null, updated_at: null },
    })
    expect((await parametersOf('discord', { scope: ['bot'], permissions: 8 })).permissions).toBe('8')
    expect((await parametersOf('discord', { permissions: 8 })).permissions).toBeUndefined()
  })

  it.each([
    ['gitlab', { issuer: 'https://git.example.com/' }, 'https://git.example.com/oauth/authorize'],
    ['gitlab', { issuer: 'https://example.com/git' }, 'https://example.com/git/oauth/authorize'],
    ['paybin', { issuer: 'https://idp.example' }, 'https://idp.example/oauth2/authorize'],
    ['paypal', { environment: 'live' }, 'https://www.paypal.com/signin/authorize'],
    ['salesforce', { environment: 'sandbox' }, 'https://test.salesforce.com/services/oauth2/authorize'],
    ['salesforce', { loginUrl: 'x.my.salesforce.com' }, 'https://x.my.salesforce.com/services/oauth2/authorize'],
    [
      'microsoft',
      { tenantId: 'organizations' },
      'https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize',
    ],
    ['microsoft', { authority: 'https://t.ciamlogin.com/' }, 'https://t.ciamlogin.com/common/oauth2/v2.0/authorize'],
    ['cognito', { domain: 'https://pool.example/' }, 'https://pool.example/oauth2/authorize'],
  ] as const)('%s with %j', async (id, options, address) => {
    const url = await makeProvider(id, options).authorizationURL(GOLDEN_REQUEST, refuseAll)
    expect(url.origin + url.pathname).toBe(address)
  })

  it('cognito needs its pool, and a secret if it says so; apple its whole key', () => {
    expect(makeProvider('cognito', { domain: '', userPoolId: undefined }).missing).toEqual(['domain', 'userPoolId'])
    expect(makeProvider('cognito', { requireClientSecret: true, clientSecret: '' }).missing).toEqual(['clientSecret'])
    expect(makeProvider('apple', { clientSecret: undefined, teamId: 'T' }).missing).toEqual(['keyId', 'privateKey'])
    expect(makeProvider('apple', { clientSecret: '', teamId: 'T', keyId: 'K', privateKey: 'P' }).missing).toEqual([])
  })
})
