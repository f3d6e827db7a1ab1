import { socialProviders as official } from 'better-auth/social-providers'
import { describe, expect, it } from 'vitest'
import type { SocialProviderId } from '../../src/oauth/providers/index.ts'
import { GOLDEN_OPTIONS, GOLDEN_REQUEST } from './goldens.ts'
import { makeProvider, PROVIDER_IDS, refuseAll } from './make-provider.ts'

interface Variant {
  options?: object
  request?: object
  /** Those where Kernia differs on purpose, and why. */
  differs?: Partial<Record<SocialProviderId, string>>
}

const fixedEndpoint = 'the option is heeded; Better Auth writes the address into its code'
const scopesHeeded = 'scopes of the options are asked for; Better Auth drops them'

const VARIANTS: Record<string, Variant> = {
  'nothing else': {},
  'scopes of the options': { options: { scope: ['a', 'b'] }, differs: { zoom: scopesHeeded, paypal: scopesHeeded } },
  'scopes of options and call': {
    options: { scope: ['a'] },
    request: { scopes: ['b'] },
    differs: { zoom: scopesHeeded, paypal: scopesHeeded },
  },
  'no default scopes': {
    options: { disableDefaultScope: true, scope: ['only'] },
    differs: { zoom: scopesHeeded, paypal: scopesHeeded },
  },
  'a redirect address': { options: { redirectURI: 'https://elsewhere.example/cb?x=1' } },
  'a login hint': { request: { loginHint: 'alice+tag@example.com' } },
  'a prompt': { options: { prompt: 'consent' } },
  'a prompt of two words': { options: { prompt: 'select_account consent' } },
  'display of the call': { request: { display: 'popup' } },
  'another endpoint': {
    options: { authorizationEndpoint: 'https://sandbox.example/authorize' },
    differs: {
      discord: fixedEndpoint,
      roblox: fixedEndpoint,
      slack: fixedEndpoint,
      tiktok: fixedEndpoint,
      wechat: fixedEndpoint,
      zoom: fixedEndpoint,
    },
  },
}

const OF_ONE: [SocialProviderId, object, object?][] = [
  ['apple', { clientId: ['web', 'ios'] }],
  ['cognito', { clientId: ['web', 'ios'], prompt: 'login' }],
  ['facebook', { clientId: ['web', 'ios'], configId: '42' }],
  ['google', { clientId: ['web', 'ios'], hd: 'example.com', accessType: 'offline', display: 'page', prompt: 'login' }],
  ['google', { display: 'page' }, { display: 'popup', loginHint: 'a@b.example' }],
  ['microsoft', { clientId: ['web', 'ios'], tenantId: 'organizations', authority: 'https://t.ciamlogin.com' }],
  ['discord', { scope: ['bot'], permissions: 8 }, { scopes: ['guilds'] }],
  ['dropbox', { accessType: 'offline' }],
  ['gitlab', { issuer: 'https://git.example.com/' }],
  ['paybin', { issuer: 'https://idp.example', prompt: 'login' }, { loginHint: 'a@b.example' }],
  ['paypal', { environment: 'live', prompt: 'login' }],
  ['reddit', { duration: 'permanent' }],
  ['salesforce', { environment: 'sandbox' }],
  ['salesforce', { loginUrl: 'x.my.salesforce.com' }],
  ['slack', { scope: ['a'] }, { scopes: ['b'] }],
  ['tiktok', { scope: ['user.info.basic'] }],
  ['twitch', { claims: ['updated_at'] }],
  ['wechat', { lang: 'en', scope: ['snsapi_base'] }],
  ['zoom', { pkce: false }],
]

const parts = (url: URL) => ({ address: url.origin + url.pathname, hash: url.hash, parameters: [...url.searchParams] })

async function officialURL(id: SocialProviderId, options: object, request: object): Promise<URL> {
  // The official factories take the options of their provider only, which a test over all of them cannot name.
  const factory = official[id] as unknown as (options: object) => {
    createAuthorizationURL(request: object): URL | Promise<URL>
  }
  const provider = factory({ clientId: 'CID', clientSecret: 'CS', ...GOLDEN_OPTIONS[id], ...options })
  return provider.createAuthorizationURL({ ...GOLDEN_REQUEST, ...request })
}

const ourURL = (id: SocialProviderId, options: object, request: object) =>
  makeProvider(id, options).authorizationURL({ ...GOLDEN_REQUEST, ...request }, refuseAll)

describe.each(Object.entries(VARIANTS))(
  'beside the official package: %s',
  (_, { options = {}, request = {}, differs }) => {
    it.each(PROVIDER_IDS)('%s', async id => {
      const [ours, theirs] = [await ourURL(id, options, request), await officialURL(id, options, request)]
      // A difference that is no more is told, too.
      if (differs?.[id]) expect(parts(ours)).not.toEqual(parts(theirs))
      else expect(parts(ours)).toEqual(parts(theirs))
    })
  },
)

it.each(OF_ONE)('beside the official package: %s with %j', async (id, options, request = {}) => {
  expect(parts(await ourURL(id, options, request))).toEqual(parts(await officialURL(id, options, request)))
})

it('has the official list of providers, in its order', () => {
  expect(PROVIDER_IDS).toEqual(Object.keys(official))
})
