import { describe, expect, it } from 'vitest'
import { proveMailbox } from '../../../src/mailbox-proof.ts'
import { createSoftAuthenticator } from '../../../src/testing/index.ts'
import { ann } from '../../support/test-auth.ts'
import { register, signIn, startRegistered } from './page.ts'

const LIST = '/passkey/list-user-passkeys'

async function startTwoUsers() {
  const test = await startRegistered()
  const bens = test.visit()
  await bens.post('/sign-up/email', { ...ann, email: 'ben@example.com' })
  return { ...test, bens, id: String(test.registered.body.id) }
}

describe("a user's passkeys", () => {
  it('are listed, renamed and deleted', async () => {
    const { browser, registered, authenticator, visit } = await startRegistered()
    const id = String(registered.body.id)
    expect(JSON.parse((await browser.get(LIST)).text)).toEqual([registered.body])
    const renamed = await browser.post('/passkey/update-passkey', { id, name: 'Old laptop' })
    expect(renamed.body).toEqual({ passkey: { ...registered.body, name: 'Old laptop' } })
    expect((await browser.post('/passkey/delete-passkey', { id })).body).toEqual({ status: true })
    expect((await browser.get(LIST)).text).toBe('[]')
    expect((await signIn(visit(), authenticator)).body.code).toBe('PASSKEY_NOT_FOUND')
    expect((await browser.post('/passkey/delete-passkey', { id })).body.code).toBe('PASSKEY_NOT_FOUND')
  })

  it("are nobody else's business: another user's id is as good as none [A8, control 26]", async () => {
    const { bens, id, rows, visit } = await startTwoUsers()
    expect((await bens.get(LIST)).text).toBe('[]')
    for (const [path, body] of [
      ['delete-passkey', { id }],
      ['update-passkey', { id, name: 'Mine' }],
    ] as const) {
      const others = await bens.post(`/passkey/${path}`, body)
      const none = await bens.post(`/passkey/${path}`, { ...body, id: 'none' })
      expect([others.status, others.body]).toEqual([404, { code: 'PASSKEY_NOT_FOUND', message: 'Passkey not found' }])
      expect([none.status, none.body]).toEqual([others.status, others.body])
      expect((await visit().post(`/passkey/${path}`, body)).status).toBe(401)
    }
    expect((await visit().get(LIST)).status).toBe(401)
    expect((await rows('passkey'))[0]?.name).toBe('Laptop')
  })

  it('are told to the application when they come and go [control 16]', async () => {
    const { browser, auth, registered } = await startRegistered()
    const heard: string[] = []
    auth.events.on('passkey.added', ({ passkeyId }) => void heard.push(`added ${passkeyId}`))
    auth.events.on('passkey.removed', ({ passkeyId }) => void heard.push(`removed ${passkeyId}`))
    const second = await register(browser, createSoftAuthenticator())
    await browser.post('/passkey/delete-passkey', { id: registered.body.id })
    expect(heard).toEqual([`added ${second.body.id}`, `removed ${registered.body.id}`])
  })

  it('go when the owner of the mailbox turns out to be somebody else [A33, control 14]', async () => {
    const { auth, rows } = await startRegistered()
    const [user] = await rows('user')
    const context = auth.createContext({ headers: {} } as Parameters<typeof auth.createContext>[0]).auth
    const call = { ...context, outgoing: [], unfinished: new Map(), seen: {} }
    await proveMailbox(call, { id: String(user?.id), email: ann.email }, { clearsUnproven: true })
    expect(await rows('passkey')).toEqual([])
  })

  it('go with the user', async () => {
    const { browser, rows } = await startRegistered({}, { user: { deleteUser: { enabled: true } } } as object)
    await browser.post('/delete-user', { password: ann.password })
    expect(await rows('passkey')).toEqual([])
  })
})

describe('the only way to sign in', () => {
  it('cannot be deleted [control 27]', async () => {
    const { browser, auth, registered, rows } = await startRegistered()
    await auth.context.adapter.deleteMany({ model: 'account', where: [] })
    const last = await browser.post('/passkey/delete-passkey', { id: registered.body.id })
    expect([last.status, last.body.code]).toEqual([400, 'LAST_PASSKEY'])
    const second = await register(browser, createSoftAuthenticator())
    expect((await browser.post('/passkey/delete-passkey', { id: second.body.id })).status).toBe(200)
    expect(await rows('passkey')).toHaveLength(1)
  })

  it('may be deleted where the application says so', async () => {
    const { browser, auth, registered } = await startRegistered({ allowDeletingLast: true })
    await auth.context.adapter.deleteMany({ model: 'account', where: [] })
    expect((await browser.post('/passkey/delete-passkey', { id: registered.body.id })).status).toBe(200)
  })
})
