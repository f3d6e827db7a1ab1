import { createAuthClient } from 'better-auth/client'
import { adminClient } from 'better-auth/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { admin } from '../../../routers/admin/index.ts'
import { startServer } from '../../support/start-server.ts'
import { ann } from '../../support/test-auth.ts'

const account = { name: 'Ben', email: 'ben@example.com', password: 'another good passphrase' }

/** The official client as a browser would run it. */
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
    plugins: [adminClient()],
  })
}

const start = async () => {
  const server = await startServer({ plugins: [admin()] })
  await server.auth.caller().admin.addUser({ ...ann, role: 'admin' })
  return server
}

describe('the official client with its admin plugin, unchanged', () => {
  it('does all that there is', async () => {
    const { url } = await start()
    const browser = browserAt(url)
    await browser.signIn.email(ann)
    const { data } = await browser.admin.createUser({ ...account, role: 'user' })
    const userId = data?.user.id ?? ''
    expect(data?.user).toMatchObject({ name: 'Ben', role: 'user' })
    expect((await browser.admin.listUsers({ query: { searchValue: 'ben' } })).data?.total).toBe(1)
    expect((await browser.admin.getUser({ query: { id: userId } })).data?.email).toBe(account.email)
    expect((await browser.admin.updateUser({ userId, data: { name: 'Benny' } })).data?.name).toBe('Benny')
    expect((await browser.admin.setRole({ userId, role: ['user', 'admin'] })).data?.user.role).toBe('user,admin')
    expect((await browser.admin.setRole({ userId, role: 'user' })).data?.user.role).toBe('user')
    expect((await browser.admin.setUserPassword({ userId, newPassword: ann.password })).data).toEqual({ status: true })
    const other = browserAt(url)
    await other.signIn.email({ email: account.email, password: ann.password })
    const listed = await browser.admin.listUserSessions({ userId })
    const [session] = listed.data?.sessions ?? []
    expect(session?.userId).toBe(userId)
    expect((await browser.admin.revokeUserSession({ sessionToken: session?.token ?? '' })).data).toEqual({
      success: true,
    })
    expect((await other.getSession()).data).toBeNull()
    expect((await browser.admin.revokeUserSessions({ userId })).data).toEqual({ success: true })
    expect((await browser.admin.impersonateUser({ userId })).data?.user.name).toBe('Benny')
    expect((await browser.getSession()).data?.user.name).toBe('Benny')
    expect((await browser.admin.stopImpersonating()).error).toBeNull()
    expect((await browser.getSession()).data?.user.name).toBe('Ann')
    expect((await browser.admin.banUser({ userId, banExpiresIn: 60 })).data?.user.banned).toBe(true)
    const refused = await other.signIn.email({ email: account.email, password: ann.password })
    expect(refused.error).toMatchObject({ status: 403, code: 'BANNED_USER' })
    expect((await browser.admin.unbanUser({ userId })).data?.user.banned).toBe(false)
    const may = await browser.admin.hasPermission({ permissions: { user: ['ban'] } })
    expect(may.data).toEqual({ error: null, success: true })
    expect((await browser.admin.removeUser({ userId })).data).toEqual({ success: true })
  })
})

describe('the tRPC client', () => {
  it('has it all by its types', async () => {
    const { client } = await start()
    const browser = client()
    await browser.signIn.email.mutate(ann)
    const { user } = await browser.admin.createUser.mutate(account)
    const role: string | null | undefined = user.role
    expect(role).toBe('user')
    const { session } = await browser.admin.impersonateUser.mutate({ userId: user.id })
    expect(session.impersonatedBy).toBeTypeOf('string')
    const stopped = await browser.admin.stopImpersonating.mutate()
    expect(stopped.user.email).toBe(ann.email)
    const { users, total } = await browser.admin.listUsers.query({ sortBy: 'email', limit: 1 })
    expect([users[0]?.email, total]).toEqual([ann.email, 2])
    await expect(client().admin.listUsers.query()).rejects.toMatchObject({ data: { authCode: 'UNAUTHORIZED' } })
  })
})
