import { describe, expect, it } from 'vitest'
import { AuthError, defineErrors, definePlugin } from '../../../src/index.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'
import { type LocalOptions, type LocalProvider, startLocalProvider, withLocal } from './local-provider.ts'
import { begin, redirection, type SignIn, signIn } from './signing-in.ts'

type Given = Parameters<typeof createTestAuth>[0]

async function start(provider: Partial<LocalOptions> = {}, given: Given = {}) {
  const local = await startLocalProvider()
  const test = createTestAuth({ ...given, plugins: [withLocal(local, provider), ...(given?.plugins ?? [])] } as Given)
  return { ...test, local, visit: () => visit(test.auth) }
}

const oops = { input: { errorCallbackURL: 'http://localhost:3000/oops?from=here#top' } }
const at = (error: string) => [302, `http://localhost:3000/oops?from=here&${error}#top`]

/** A sign-in that should end at its error address. */
async function failed(local: LocalProvider, browser: Visitor, request: SignIn = {}) {
  const answer = await signIn(browser, local, { ...request, input: { ...oops.input, ...request.input } })
  expect((await browser.get('/get-session')).text).toBe('null')
  return redirection(answer)
}

const noUser = 'error=unable_to_get_user_info'

describe("where a provider's callback leads", () => {
  it.each<[string, Partial<LocalProvider>, string]>([
    ['an id token with another nonce', { claims: { nonce: 'stolen' } }, noUser],
    ['an id token without one', { claims: { nonce: undefined } }, noUser],
    ['an id token for another client', { claims: { aud: 'other-client' } }, noUser],
    ['an id token of another issuer', { claims: { iss: 'https://evil.example' } }, noUser],
    ['an id token of yesterday', { claims: { exp: 1_700_000_000, iat: 1_699_999_000 } }, noUser],
    ['an unsigned id token', { sign: { alg: 'none' } }, noUser],
    ['an id token of an unknown key', { sign: { kid: 'second', published: ['first'] } }, noUser],
    ['nobody', { person: { sub: '' } }, noUser],
    ['a subject that is too long', { person: { sub: 'x'.repeat(256), email: 'a@b.example' } }, noUser],
    ['somebody without an address', { person: { sub: '1', name: 'One' } }, 'error=email_not_found'],
  ])('%s [control 73]', async (_case, changes, error) => {
    const { local, visit, auth } = await start()
    Object.assign(local, changes)
    expect(await failed(local, visit())).toEqual(at(error))
    expect(await auth.context.adapter.count({ model: 'user' })).toBe(0)
  })

  it('a code that is used, unknown, or was given to another address', async () => {
    const { local, visit } = await start()
    const browser = visit()
    const { callback } = await begin(browser, local, oops)
    local.codes.clear()
    expect(redirection(await browser.get(callback))).toEqual(at('error=invalid_code'))
    local.agree = url =>
      `${new URL(url).searchParams.get('redirect_uri')}?state=${new URL(url).searchParams.get('state')}`
    expect(await failed(local, visit())).toEqual(at('error=no_code'))
  })

  it('what the provider says itself, such as that the user did not agree', async () => {
    const { local, visit } = await start()
    const denied = { error: 'access_denied', error_description: 'The user said no' }
    const strange = { input: { errorCallbackURL: '/oops' }, callback: { error: "*<'ü" } }
    expect(await failed(local, visit(), strange)).toEqual([302, '/oops?error=%2A%3C%27%C3%BC'])
    expect(await failed(local, visit(), { callback: denied })).toEqual(
      at('error=access_denied&error_description=The+user+said+no'),
    )
  })

  it('the answer of another server [RFC 9207, control 73]', async () => {
    const { local, visit } = await start()
    expect(await failed(local, visit(), { callback: { iss: 'https://evil.example' } })).toEqual(
      at('error=issuer_mismatch'),
    )
    const good = await signIn(visit(), local, { callback: { iss: local.origin } })
    expect(redirection(good)).toEqual([302, '/home'])
  })

  it('without a state, or with one that nobody made', async () => {
    const { visit } = await start()
    const page = 'http://localhost:3000/api/auth/error'
    expect(redirection(await visit().get('/callback/local?code=x'))).toEqual([302, `${page}?state=state_not_found`])
    const unknown = await visit().get('/callback/local?code=x&state=made-up')
    expect(redirection(unknown)).toEqual([302, `${page}?error=please_restart_the_process`])
    const own = await start({}, { onAPIError: { errorURL: 'https://app.example/error?x=1' } })
    const sent = await own.visit().get('/callback/local?code=x&state=made-up')
    expect(redirection(sent)).toEqual([302, 'https://app.example/error?x=1&error=please_restart_the_process'])
  })

  it('a provider whose keys have changed meanwhile', async () => {
    const { local, visit } = await start()
    expect(redirection(await signIn(visit(), local))).toEqual([302, '/home'])
    local.sign = { kid: 'second', published: ['second'] }
    expect(redirection(await signIn(visit(), local))).toEqual([302, '/home'])
  })

  it('a provider that does not answer', async () => {
    const { local, visit } = await start({}, { advanced: { outbound: { timeoutMs: 100 } } })
    local.delay = 1000
    expect(await failed(local, visit())).toEqual(at('error=invalid_code'))
  })

  it('whom a hook refuses, by its words or by its code', async () => {
    const codes = defineErrors({ BANNED_USER: [403, 'You have been banned'], NOT_TODAY: [403, 'Not today please'] })
    const refusing = (error: AuthError) =>
      definePlugin({
        id: 'refusing',
        hookErrors: Object.values(codes),
        hooks: {
          sessionCreating: () => {
            throw error
          },
        },
      })
    const banned = await start({}, {
      plugins: [refusing(new AuthError(codes.BANNED_USER, { redirectCode: 'banned' }))],
    } as Given)
    expect(await failed(banned.local, banned.visit())).toEqual(
      at('error=banned&error_description=You+have+been+banned'),
    )
    const other = await start({}, { plugins: [refusing(new AuthError(codes.NOT_TODAY))] } as Given)
    expect(await failed(other.local, other.visit())).toEqual(at('error=Not_today_please'))
    expect(await other.auth.context.adapter.count({ model: 'user' })).toBe(0)
  })

  it('a write that fails', async () => {
    const fails = (model: 'user' | 'session') => ({
      databaseHooks: {
        [model]: {
          create: {
            before: () => {
              throw new Error('disk full')
            },
          },
        },
      },
    })
    const user = await start({}, fails('user') as Given)
    expect(await failed(user.local, user.visit())).toEqual(at('error=unable_to_create_user'))
    const session = await start({}, fails('session') as Given)
    expect(await failed(session.local, session.visit())).toEqual(at('error=unable_to_create_session'))
    expect(await session.auth.context.adapter.count({ model: 'account' })).toBe(0)
    const refused = await start({}, { databaseHooks: { user: { create: { before: () => false } } } } as Given)
    expect(await failed(refused.local, refused.visit())).toEqual(at('error=unable_to_create_user'))
  })
})

describe('a callback by form, as Apple sends it', () => {
  const form = (browser: Visitor, path: string, body: string, headers: Record<string, string | undefined> = {}) =>
    browser.post(path, body, { headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } })

  it('goes to the same address with the fields in its query, which go after those already there', async () => {
    const { visit } = await start()
    const crossSite = {
      origin: 'https://appleid.example',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    }
    const bounced = await form(visit(), '/callback/local?state=right', 'code=abc&state=wrong&other=1', crossSite)
    expect(redirection(bounced)).toEqual([302, 'http://localhost:3000/api/auth/callback/local?code=abc&state=right'])
    expect(bounced.setCookies).toEqual({})
    const empty = await form(visit(), '/callback/local', '')
    expect(redirection(empty)).toEqual([302, 'http://localhost:3000/api/auth/callback/local?'])
  })

  it('signs in', async () => {
    const { local, visit } = await start()
    const browser = visit()
    const { callback } = await begin(browser, local)
    const [path = '', query = ''] = callback.split('?')
    const cookies = new Map(browser.cookies)
    browser.cookies.clear()
    const bounced = await form(browser, path, query)
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    const target = new URL(bounced.headers.get('location') ?? '')
    const answer = await browser.get(target.pathname.replace('/api/auth', '') + target.search)
    expect(redirection(answer)).toEqual([302, '/home'])
    expect((await browser.get('/get-session')).body.user?.email).toBe('ada@example.com')
  })
})
