import { describe, expect, it } from 'vitest'
import { CORE_MODELS, type Row } from '../../src/index.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'
import { everyRoute, isWrite } from './every-route.ts'

const additionalFields = {
  role: { type: 'string', defaultValue: 'user' },
  banned: { type: 'boolean', required: false },
} as const
const MODELS = ['user', 'account', 'session', 'verification']

async function startWithTwo() {
  const { auth } = createTestAuth({ user: { additionalFields } })
  const [visitor, victim] = [visit(auth), visit(auth)]
  const { body } = await victim.post('/sign-up/email', { ...ann, email: 'victim@example.com', name: 'Victim' })
  const own = await visitor.post('/sign-up/email', ann)
  const dump = async (): Promise<Record<string, Row[]>> =>
    Object.fromEntries(
      await Promise.all(MODELS.map(async model => [model, await auth.context.adapter.findMany({ model, where: [] })])),
    )
  return {
    auth,
    visitor,
    victim: { id: String(body.user?.id), token: String(body.token) },
    id: String(own.body.user?.id),
    dump,
  }
}

const chosen: Record<string, unknown> = {
  ...{
    id: 'chosen-id',
    emailVerified: true,
    createdAt: '2001-01-01T00:00:00.000Z',
    updatedAt: '2001-01-01T00:00:00.000Z',
  },
  ...{ token: 'chosen-token', expiresAt: '2099-01-01T00:00:00.000Z', ipAddress: '6.6.6.6', userAgent: 'chosen' },
  ...{ accountId: 'chosen', providerId: 'chosen', accessToken: 'chosen', refreshToken: 'chosen', scope: 'chosen' },
  ...{ identifier: 'chosen', value: 'chosen', isAdmin: true, $set: { role: 'admin' }, 'user.role': 'admin' },
}

describe('a field that a client may not set [control 50]', () => {
  it('covers every column there is', () => {
    const columns = Object.values(CORE_MODELS).flatMap(({ fields }) => Object.keys(fields))
    const harmless = [
      'name',
      'email',
      'image',
      'password',
      'userId',
      'idToken',
      'accessTokenExpiresAt',
      'refreshTokenExpiresAt',
    ]
    expect(columns.filter(name => !(name in chosen) && !harmless.includes(name))).toEqual([])
  })

  it('is not set at sign-up', async () => {
    const { auth, dump } = await startWithTwo()
    const { status, text } = await visit(auth).post('/sign-up/email', { ...ann, email: 'new@example.com', ...chosen })
    expect(status).toBe(200)
    for (const value of ['chosen', '2001', '2099', '6.6.6.6', 'admin']) {
      expect(text).not.toContain(value)
      expect(JSON.stringify(await dump())).not.toContain(value)
    }
    expect((await dump()).user).toContainEqual(
      expect.objectContaining({ email: 'new@example.com', emailVerified: false, role: 'user' }),
    )
  })

  it('is not set by any other procedure, alone or beside a field that is', async () => {
    const { auth, visitor, dump } = await startWithTwo()
    for (const { path } of everyRoute(auth).filter(
      route => isWrite(route) && !/sign-(up|out)|revoke/.test(route.path),
    )) {
      await visitor.post(path, {
        ...ann,
        currentPassword: ann.password,
        newPassword: ann.password,
        ...chosen,
        name: 'New',
      })
      const text = JSON.stringify(await dump())
      for (const value of ['chosen', '2001', '2099', '6.6.6.6', 'admin']) expect.soft(text, path).not.toContain(value)
      expect.soft(text, path).not.toContain('"emailVerified":true')
    }
  })

  it('is refused by name when the application declares it', async () => {
    const { auth, visitor, dump } = await startWithTwo()
    for (const input of [{ role: 'admin' }, { banned: true }, { role: ['admin'] }, { role: { $ne: 'user' } }]) {
      const update = await visitor.post('/update-user', { name: 'New', ...input })
      expect([update.status, update.body.code]).toEqual([400, 'FIELD_NOT_ALLOWED'])
      await visit(auth).post('/sign-up/email', { ...ann, email: `${crypto.randomUUID()}@example.com`, ...input })
    }
    for (const user of (await dump()).user ?? []) expect(user).toMatchObject({ role: 'user', banned: null })
  })
})

describe('the id of another user in an input [A6, control 48]', () => {
  it('never makes a call theirs', async () => {
    const { auth, visitor, victim, id, dump } = await startWithTwo()
    const theirs = async () => {
      const all = await dump()
      return JSON.stringify([
        all.user?.filter(row => row.id === victim.id),
        all.account?.filter(row => row.userId === victim.id),
        all.session?.filter(row => row.userId === victim.id),
      ])
    }
    const before = await theirs()
    const names = ['userId', 'user_id', 'id', 'sub', 'owner', 'accountId', 'sessionId', 'organizationId', 'referenceId']
    const ids = Object.fromEntries(names.map(name => [name, victim.id]))
    const given = {
      name: 'Taken over',
      currentPassword: ann.password,
      newPassword: 'a new password',
      token: victim.token,
    }
    for (const { path } of everyRoute(auth).filter(
      route => isWrite(route) && !/sign-out|revoke-sessions/.test(route.path),
    )) {
      await visitor.post(`${path}?userId=${victim.id}`, { ...given, ...ids }, { headers: { 'x-user-id': victim.id } })
      expect.soft(await theirs(), path).toBe(before)
    }
    const session = await visitor.get(`/get-session?userId=${victim.id}`, { headers: { 'x-user-id': victim.id } })
    expect(session.body.user?.id).toBe(id)
  })
})
