import { createAuthClient } from 'better-auth/client'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { passkey } from '../../../routers/passkey/index.ts'
import { type CreationOptions, createSoftAuthenticator, type RequestOptions } from '../../../src/testing/index.ts'
import { startServer } from '../../support/start-server.ts'
import { ann } from '../../support/test-auth.ts'

/** The official client as a browser would run it. Its passkey plugin sends these requests by its `$fetch`. */
function browserAt(url: string) {
  const keepCookies = createCookieFetch({ url })
  return createAuthClient({
    baseURL: url,
    fetchOptions: {
      customFetchImpl: (input, init) => {
        const headers = new Headers(init?.headers)
        headers.set('origin', new URL(url).origin)
        return keepCookies(input, { ...init, headers })
      },
    },
  })
}

describe('the official client', () => {
  it('registers a passkey and signs in with it', async () => {
    const { url, origin } = await startServer({ plugins: [passkey()] })
    const authenticator = createSoftAuthenticator()
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const query = { name: 'Ann', authenticatorAttachment: 'platform' }
    const options = await browser.$fetch<CreationOptions>('/passkey/generate-register-options', { query })
    if (!options.data) throw new Error(options.error.message)
    expect(options.data.user).toMatchObject({ name: 'Ann', displayName: ann.email })
    const made = authenticator.create(options.data, { origin })
    const body = { response: { ...made, clientExtensionResults: undefined }, name: 'Laptop' }
    const stored = await browser.$fetch<{ name: string }>('/passkey/verify-registration', { method: 'POST', body })
    expect(stored.data).toMatchObject({ name: 'Laptop', transports: 'internal' })

    const other = browserAt(url)
    const asked = await other.$fetch<RequestOptions>('/passkey/generate-authenticate-options', { method: 'GET' })
    if (!asked.data) throw new Error(asked.error.message)
    const response = { ...authenticator.get(asked.data, { origin }), clientExtensionResults: undefined }
    const answer = await other.$fetch('/passkey/verify-authentication', { method: 'POST', body: { response } })
    expect(answer.error).toBeNull()
    expect((await other.getSession()).data?.user.email).toBe(ann.email)
    const again = await other.$fetch('/passkey/verify-authentication', { method: 'POST', body: { response } })
    expect(again.error).toMatchObject({ status: 400, code: 'CHALLENGE_NOT_FOUND' })
  })
})

describe('the tRPC client', () => {
  it('registers a passkey, signs in with it and manages it', async () => {
    const { client, origin } = await startServer({ plugins: [passkey()] })
    const headers = { origin }
    const authenticator = createSoftAuthenticator()
    const browser = client({ headers })
    await browser.signUp.email.mutate(ann)
    const options = await browser.passkey.generateRegisterOptions.mutate()
    const made = authenticator.create(options, { origin })
    const { id } = await browser.passkey.verifyRegistration.mutate({ response: made, name: 'Laptop' })

    const other = client({ headers })
    const asked = await other.passkey.generateAuthenticateOptions.mutate()
    const answer = await other.passkey.verifyAuthentication.mutate({ response: authenticator.get(asked, { origin }) })
    if (!('user' in answer)) throw new Error('expected a session')
    expect(answer.user.email).toBe(ann.email)
    expect((await other.session.get.query())?.session.token).toBe(answer.session.token)
    await other.passkey.update.mutate({ id, name: 'Old laptop' })
    expect((await other.passkey.list.query()).map(({ name }) => name)).toEqual(['Old laptop'])
    expect(await other.passkey.delete.mutate({ id })).toEqual({ status: true })
  })
})

describe('the OpenAPI document', () => {
  it('has every route', async () => {
    const { auth } = await startServer({ plugins: [passkey()] })
    const served = auth.openApiDocument().paths ?? {}
    const own = Object.keys(served).filter(path => path.startsWith('/passkey/'))
    expect(own.sort()).toEqual([
      '/passkey/delete-passkey',
      '/passkey/generate-authenticate-options',
      '/passkey/generate-register-options',
      '/passkey/list-user-passkeys',
      '/passkey/update-passkey',
      '/passkey/verify-authentication',
      '/passkey/verify-registration',
    ])
  })
})
