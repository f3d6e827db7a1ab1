import { describe, expect, it } from 'vitest'
import {
  AuthError,
  defineErrors,
  definePlugin,
  type Hooks,
  memoryAdapter,
  mikroOrmAdapter,
  type SessionData,
} from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { cookieOf, postJson, rawRequest } from '../support/raw-request.ts'
import { startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

const refusals = defineErrors({ REFUSED: [403, 'Refused by a plugin'] })

function refuse(): never {
  const refusal = new AuthError(refusals.REFUSED)
  refusal.isFromApplication = true
  throw refusal
}

/** A plugin with fields of its own that its hooks fill in. */
function hooked(hooks: Hooks) {
  return definePlugin({
    id: 'hooked',
    schema: {
      user: { fields: { role: { type: 'string', required: false } } },
      session: { fields: { device: { type: 'string', required: false } } },
    },
    hooks,
  })
}

async function start(hooks: Hooks) {
  const database = countingDatabase(memoryAdapter())
  const server = await startServer({ database, plugins: [hooked(hooks)] })
  const rows = async () => {
    const { adapter } = server.auth.context
    const models = ['user', 'account', 'session', 'verification']
    return Promise.all(models.map(model => adapter.count({ model })))
  }
  const post = (path: string, body: unknown, headers?: Record<string, string>) =>
    postJson(server.origin, `/api/auth${path}`, body, headers)
  const signUp = () => post('/sign-up/email', ann)
  return { ...server, database, rows, post, signUp }
}

const nothing = [0, 0, 0, 0]

describe('userCreating', () => {
  it('amends the row, each plugin on top of those before', async () => {
    const seen: unknown[] = []
    const second = definePlugin({
      id: 'second',
      hooks: { userCreating: draft => void seen.push(draft.role) },
    })
    const first = hooked({ userCreating: async ({ email }) => ({ role: `role of ${email}`, emailVerified: true }) })
    const { origin } = await startServer({ plugins: [first, second] })
    const answer = await postJson(origin, '/api/auth/sign-up/email', ann)
    expect(JSON.parse(answer.text).user).toMatchObject({ role: `role of ${ann.email}`, emailVerified: true })
    expect(seen).toEqual([`role of ${ann.email}`])
  })

  it('refuses, and nothing is half-written', async () => {
    const { signUp, rows, log } = await start({ userCreating: refuse })
    const answer = await signUp()
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'REFUSED'])
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(await rows()).toEqual(nothing)
    expect(log).toEqual([])
  })
})

describe.each([
  ['memory', () => memoryAdapter()],
  ['SQLite', () => mikroOrmAdapter({ url: 'sqlite::memory:' })],
])('userCreated and sessionCreated on %s', (_name, connect) => {
  async function startNoting() {
    const database = countingDatabase(connect())
    const notes: unknown[] = []
    const note = async (what: string, email: unknown, { kernel }: Parameters<NonNullable<Hooks['userCreated']>>[1]) => {
      const written = ['user', 'account', 'session'].map(model => kernel.adapter.count({ model }))
      notes.push([what, email, ...(await Promise.all(written))])
    }
    const plugin = hooked({
      userCreated: (user, auth) => note('user', user.email, auth),
      sessionCreated: (session, auth) => note('session', typeof session.token, auth),
    })
    const server = await startServer({ database, plugins: [plugin] })
    await server.auth.createSchema()
    return { ...server, database, notes }
  }

  it('come after the commit, when everything is there', async () => {
    const { origin, auth, notes } = await startNoting()
    await postJson(origin, '/api/auth/sign-up/email', ann)
    expect(notes).toEqual([
      ['user', ann.email, 1, 1, 1],
      ['session', 'string', 1, 1, 1],
    ])
    await auth.close()
  })

  it('never come after a rollback', async () => {
    const { origin, auth, database, notes } = await startNoting()
    database.failure = call => (call === 'create session' ? new Error('disk full') : undefined)
    expect((await postJson(origin, '/api/auth/sign-up/email', ann)).status).toBe(500)
    database.failure = undefined
    expect(notes).toEqual([])
    expect(await auth.context.adapter.count({ model: 'user' })).toBe(0)
    await auth.close()
  })
})

describe('userUpdating and userUpdated', () => {
  it('amend the change, and are told of it', async () => {
    const told: unknown[] = []
    const { signUp, post, origin } = await start({
      userUpdating: ({ name }) => ({ name: String(name).trim(), role: 'renamed' }),
      userUpdated: user => void told.push(user.name),
    })
    const cookie = cookieOf(await signUp())
    await post('/update-user', { name: ' Annie ' }, { cookie, origin })
    const session = await rawRequest(origin, { path: '/api/auth/get-session', headers: { cookie } })
    expect(JSON.parse(session.text).user).toMatchObject({ name: 'Annie', role: 'renamed' })
    expect(told).toEqual(['Annie'])
  })

  it('refuse the change', async () => {
    const { signUp, post, origin } = await start({ userUpdating: refuse })
    const cookie = cookieOf(await signUp())
    expect((await post('/update-user', { name: 'Annie' }, { cookie, origin })).status).toBe(403)
    const session = await rawRequest(origin, { path: '/api/auth/get-session', headers: { cookie } })
    expect(JSON.parse(session.text).user.name).toBe(ann.name)
  })
})

describe('sessionCreating', () => {
  it('amends the row, at sign-up and at sign-in', async () => {
    const { signUp, post, origin } = await start({ sessionCreating: () => ({ device: 'laptop' }) })
    for (const answer of [await signUp(), await post('/sign-in/email', ann)]) {
      const headers = { cookie: cookieOf(answer) }
      const session = await rawRequest(origin, { path: '/api/auth/get-session', headers })
      expect(JSON.parse(session.text).session.device).toBe('laptop')
    }
  })

  it('refuses, and the user of the same sign-up is not there either', async () => {
    const { signUp, rows } = await start({ sessionCreating: refuse })
    const answer = await signUp()
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined])
    expect(await rows()).toEqual(nothing)
  })
})

describe('sessionRead', () => {
  it('refuses the session for every call that asks for it', async () => {
    let isBanned = false
    const { signUp, post, origin, auth, client } = await start({
      sessionRead: ({ user }) => {
        if (isBanned && user.email === ann.email) refuse()
      },
    })
    const cookie = cookieOf(await signUp())
    const get = () => rawRequest(origin, { path: '/api/auth/get-session', headers: { cookie } })
    expect((await get()).status).toBe(200)
    isBanned = true
    const refused = await get()
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([403, 'REFUSED'])
    expect((await post('/update-user', { name: 'B' }, { cookie, origin })).status).toBe(403)
    await expect(client({ cookie }).session.get.query()).rejects.toMatchObject({ data: { authCode: 'REFUSED' } })
    await expect(auth.getSession({ cookie })).rejects.toMatchObject({ authCode: 'REFUSED' })
    expect((await post('/sign-out', {}, { cookie, origin })).status).toBe(200)
  })

  it('asks every plugin, whatever those before it return', async () => {
    const careless = definePlugin({
      id: 'careless',
      // Returns something, which its type forbids and JavaScript does not.
      hooks: { sessionRead: (({ user }: SessionData) => user.email) as unknown as Hooks['sessionRead'] },
    })
    const { origin } = await startServer({ plugins: [careless, hooked({ sessionRead: refuse })] })
    const cookie = cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann))
    expect((await rawRequest(origin, { path: '/api/auth/get-session', headers: { cookie } })).status).toBe(403)
  })
})

describe('passwordChosen', () => {
  const newPassword = 'password of many people'
  const hooks: Hooks = {
    passwordChosen: password => {
      if (password === newPassword) refuse()
    },
  }

  it('refuses at sign-up', async () => {
    const { post, rows } = await start(hooks)
    const answer = await post('/sign-up/email', { ...ann, password: newPassword })
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'REFUSED'])
    expect(await rows()).toEqual(nothing)
  })

  it('refuses at change, and the old one stays', async () => {
    const { signUp, post, origin } = await start(hooks)
    const cookie = cookieOf(await signUp())
    const change = { currentPassword: ann.password, newPassword, revokeOtherSessions: true }
    expect((await post('/change-password', change, { cookie, origin })).status).toBe(403)
    expect((await post('/sign-in/email', ann)).status).toBe(200)
    expect((await rawRequest(origin, { path: '/api/auth/get-session', headers: { cookie } })).text).not.toBe('null')
  })

  it('refuses at reset, and the token can be used for a better one', async () => {
    const { signUp, post, inbox } = await start(hooks)
    await signUp()
    await post('/request-password-reset', { email: ann.email })
    const { token } = await inbox.waitFor(ann.email)
    expect((await post('/reset-password', { token, newPassword })).status).toBe(403)
    expect((await post('/reset-password', { token, newPassword: `${newPassword}!` })).status).toBe(200)
  })
})
