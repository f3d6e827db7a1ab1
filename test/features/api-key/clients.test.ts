import { apiKeyClient } from '@better-auth/api-key/client'
import { createAuthClient } from 'better-auth/client'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { apiKey } from '../../../routers/api-key/index.ts'
import { proveMailbox } from '../../../src/mailbox-proof.ts'
import { startServer } from '../../support/start-server.ts'
import { ann } from '../../support/test-auth.ts'
import { openShop } from './keys.ts'

describe('the official client', () => {
  it('makes, reads, lists, changes and deletes keys, and calls with one', async () => {
    const { url } = await startServer({ plugins: [apiKey({ enableSessionForAPIKeys: true, enableMetadata: true })] })
    const keepCookies = createCookieFetch({ url })
    const client = createAuthClient({
      baseURL: url,
      plugins: [apiKeyClient()],
      fetchOptions: {
        customFetchImpl: (input, init) => {
          const headers = new Headers(init?.headers)
          headers.set('origin', new URL(url).origin)
          return keepCookies(input, { ...init, headers })
        },
      },
    })
    await client.signUp.email(ann)
    const made = await client.apiKey.create({ name: 'Laptop', metadata: { plan: 'pro' }, prefix: 'acme_' })
    if (!made.data) throw new Error(made.error.message)
    expect(made.data.key).toMatch(/^acme_[a-zA-Z]{64}$/)
    const { id: keyId, key } = made.data
    const read = await client.apiKey.get({ query: { id: keyId } })
    expect(read.data).toMatchObject({ name: 'Laptop', metadata: { plan: 'pro' } })
    expect((await client.apiKey.list()).data).toMatchObject({ total: 1, apiKeys: [{ id: keyId }] })
    expect((await client.apiKey.update({ keyId, name: 'Phone' })).data?.name).toBe('Phone')
    const program = createAuthClient({ baseURL: url, fetchOptions: { headers: { 'x-api-key': key } } })
    expect((await program.getSession()).data?.user.email).toBe(ann.email)
    // A path that the client's plugin does not know.
    const rotated = await client.$fetch<{ id: string; key: string }>('/api-key/rotate', {
      method: 'POST',
      body: { keyId, overlap: 60 },
    })
    const next = createAuthClient({ baseURL: url, fetchOptions: { headers: { 'x-api-key': rotated.data?.key ?? '' } } })
    expect((await next.getSession()).data?.user.email).toBe(ann.email)
    expect((await client.apiKey.get({ query: { id: keyId } })).data).toMatchObject({ successorId: rotated.data?.id })
    // By its name, as any other: what it is called with says which path that is.
    const { rotate } = client.apiKey as unknown as {
      rotate(input: object): Promise<{ error: { code: string } | null }>
    }
    expect((await rotate({ keyId })).error?.code).toBe('KEY_ALREADY_ROTATED')
    expect((await client.apiKey.delete({ keyId })).data).toEqual({ success: true })
    expect((await program.getSession()).error).toMatchObject({ status: 401, code: 'INVALID_API_KEY' })
  })
})

describe('the tRPC client', () => {
  it('does the same, and has no way to verify keys', async () => {
    const { client, origin, auth } = await startServer({ plugins: [apiKey({ enableSessionForAPIKeys: true })] })
    const browser = client({ headers: { origin } })
    await browser.signUp.email.mutate(ann)
    const made = await browser.apiKey.create.mutate({ name: 'Laptop' })
    expect(await browser.apiKey.get.query({ id: made.id })).toMatchObject({
      name: 'Laptop',
      createdAt: expect.anything(),
    })
    expect((await browser.apiKey.list.query({ limit: 1 })).total).toBe(1)
    await browser.apiKey.update.mutate({ keyId: made.id, enabled: true })
    const other = await browser.apiKey.create.mutate({ name: 'Phone' })
    const rotated = await browser.apiKey.rotate.mutate({ keyId: other.id, overlap: 0 })
    expect([rotated.name, rotated.replaced.id]).toEqual(['Phone', other.id])
    const program = client({ headers: { 'x-api-key': made.key } })
    expect((await program.session.get.query())?.user.email).toBe(ann.email)
    // @ts-expect-error it is for the application's own code
    await expect(browser.apiKey.verify.mutate({ key: made.key })).rejects.toThrow()
    const verified = await auth.caller().apiKey.verify({ key: made.key })
    expect(verified.key?.name).toBe('Laptop')
    expect(await browser.apiKey.delete.mutate({ keyId: made.id })).toEqual({ success: true })
  })
})

describe('the OpenAPI document', () => {
  it('has what clients may call, and nothing else [A41]', async () => {
    const { auth } = await startServer({ plugins: [apiKey()] })
    const served = Object.keys(auth.openApiDocument().paths ?? {}).filter(path => path.startsWith('/api-key/'))
    expect(served.sort()).toEqual([
      '/api-key/create',
      '/api-key/delete',
      '/api-key/get',
      '/api-key/list',
      '/api-key/rotate',
      '/api-key/update',
    ])
  })
})

describe('the keys of whoever made the user', () => {
  it('go when the owner of the mailbox turns out to be somebody else [A33, control 14]', async () => {
    const { auth, join, rows, userId, verdict } = await openShop()
    const mallory = await join('victim')
    const { key } = (await mallory.post('/api-key/create', {})).body as { key: string }
    const context = auth.createContext({ headers: {} }).auth
    const call = { ...context, outgoing: [], unfinished: new Map(), seen: {} }
    const user = { id: await userId('victim'), email: 'victim@example.com' }
    await proveMailbox(call, user, { clearsUnproven: true })
    expect(await rows('apikey')).toEqual([])
    expect(await verdict(key)).toBe('INVALID_API_KEY')
  })
})
