import type { BetterAuthOptions } from 'better-auth'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { configureProviders } from '../../src/oauth/providers/configured.ts'
import type { GithubProfile } from '../../src/oauth/providers/github.ts'
import type { SocialProviderOptionsOf, SocialProviders } from '../../src/oauth/providers/index.ts'
import { createSafeFetch } from '../../src/safe-fetch.ts'

const github = { clientId: 'CID', clientSecret: 'CS' }

describe('providers of an instance', () => {
  it('are found by id, each made once', async () => {
    const providers = configureProviders({ github, google: { clientId: 'CID' } })
    expect(providers.ids).toEqual(['github', 'google'])
    expect((await providers.find('github'))?.name).toBe('GitHub')
    expect(await providers.find('github')).toBe(await providers.find('github'))
    expect((await providers.list()).map(({ id, missing }) => [id, missing])).toEqual([
      ['github', []],
      ['google', ['clientSecret']],
    ])
  })

  it('are none that nobody gave', async () => {
    const providers = configureProviders({ github })
    for (const id of ['gitlab', 'constructor', '__proto__', 'toString', '', 'GitHub']) {
      expect(await providers.find(id)).toBeUndefined()
    }
    expect(await configureProviders({}).list()).toEqual([])
    expect(await configureProviders({ github: undefined }).list()).toEqual([])
  })

  it('are not there when they are not enabled', async () => {
    const providers = configureProviders({
      github: { ...github, enabled: false },
      gitlab: async () => ({ ...github, enabled: false }),
      kick: { ...github, enabled: true },
    })
    expect(await providers.find('github')).toBeUndefined()
    expect(await providers.find('gitlab')).toBeUndefined()
    expect((await providers.list()).map(({ id }) => id)).toEqual(['kick'])
  })

  it('may have their options from a function, which is asked once, and again after it failed', async () => {
    let calls = 0
    const providers = configureProviders({
      github: async () => {
        calls++
        if (calls === 1) throw new Error('the vault is closed')
        return github
      },
    })
    await expect(providers.find('github')).rejects.toThrow('the vault is closed')
    expect((await providers.find('github'))?.missing).toEqual([])
    await providers.list()
    expect(calls).toBe(2)
  })

  it('must be known', () => {
    const misspelt = { githup: github } as SocialProviders
    expect(() => configureProviders(misspelt)).toThrow('init: socialProviders.githup is not a provider')
    expect(() => configureProviders({ constructor: github } as unknown as SocialProviders)).toThrow('constructor')
  })

  it('have the time of the instance', async () => {
    const now = () => new Date('2030-01-01T00:00:00Z')
    const provider = await configureProviders({ github }, { now }).find('github')
    const { startProviders } = await import('./provider-server.ts')
    const json = { access_token: 'A', expires_in: 60 }
    const { fetch } = await startProviders({ 'POST https://github.com/login/oauth/access_token': { json } })
    const tokens = await provider?.exchangeCode({ code: 'C', redirectURI: 'https://app.example/cb' }, fetch)
    expect(tokens?.accessTokenExpiresAt).toEqual(new Date('2030-01-01T00:01:00Z'))
  })

  it('reach nothing but the public network with the fetch of an instance', async () => {
    const options = { ...github, issuer: 'https://127.0.0.1' }
    const provider = await configureProviders({ gitlab: options }).find('gitlab')
    const call = provider?.userInfo({ accessToken: 'A' }, createSafeFetch())
    await expect(call).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      message: expect.stringContaining('ADDRESS'),
    })
  })
})

describe('types of socialProviders', () => {
  it('know the options of each provider', () => {
    const good: SocialProviders = {
      github: {
        clientId: 'x',
        clientSecret: 'y',
        mapProfileToUser: profile => ({ handle: profile.login.toLowerCase() }),
      },
      google: { clientId: ['web', 'ios'], clientSecret: 'y', hd: 'example.com', accessType: 'offline' },
      microsoft: { clientId: 'x', tenantId: 'common', profilePhotoSize: 96 },
      apple: { clientId: 'x', teamId: 't', keyId: 'k', privateKey: 'p' },
      tiktok: { clientKey: 'x', clientSecret: 'y' },
      zoom: async () => ({ clientId: 'x', clientSecret: 'y', pkce: false }),
    }
    expect(Object.keys(good)).toHaveLength(6)
    // @ts-expect-error GitHub has one client id
    const several: SocialProviders = { github: { clientId: ['a'], clientSecret: 'y' } }
    // @ts-expect-error no such option
    const misspelt: SocialProviders = { github: { clientid: 'a' } }
    // @ts-expect-error an option of another provider
    const foreign: SocialProviders = { github: { clientId: 'a', tenantId: 'common' } }
    // @ts-expect-error no such size
    const size: SocialProviders = { microsoft: { clientId: 'a', profilePhotoSize: 50 } }
    // @ts-expect-error no such provider
    const unknown: SocialProviders = { githup: { clientId: 'a' } }
    expect([several, misspelt, foreign, size, unknown]).toHaveLength(5)
    type Mapped = NonNullable<SocialProviderOptionsOf<'github'>['mapProfileToUser']>
    expectTypeOf<Parameters<Mapped>[0]>().toEqualTypeOf<GithubProfile>()
  })

  it("take Better Auth's own", () => {
    // Its type for Polar's client id is `unknown`.
    type Official = Omit<NonNullable<BetterAuthOptions['socialProviders']>, 'polar'>
    expectTypeOf<Official>().toExtend<SocialProviders>()
  })
})
