import { describe, expect, it } from 'vitest'
import { createAccessControl } from '../../../routers/access/index.ts'
import { type ApiKeyConfiguration, apiKey } from '../../../routers/api-key/index.ts'
import { adminAc, defaultStatements, memberAc, organization, ownerAc } from '../../../routers/organization/index.ts'
import type { Answer } from '../../support/visitor.ts'
import { openOrganizationShop, openShop, told } from './keys.ts'

const NOT_FOUND = '404 KEY_NOT_FOUND'
const NO_SESSION = '401 UNAUTHORIZED'
const OK = '200'

describe("a user's key, by its id [A6 A8, control 47]", () => {
  const ACTORS = ['anonymous', 'owner', 'other', 'key'] as const
  const MATRIX: Record<string, string[]> = {
    get: [NO_SESSION, OK, NOT_FOUND, OK],
    update: ['401 UNAUTHORIZED_SESSION', OK, NOT_FOUND, '403 SIGN_IN_REQUIRED'],
    rotate: ['401 UNAUTHORIZED_SESSION', OK, NOT_FOUND, '403 SIGN_IN_REQUIRED'],
    delete: [NO_SESSION, OK, NOT_FOUND, '403 SIGN_IN_REQUIRED'],
  }

  it.each(Object.entries(MATRIX))('%s', async (action, outcomes) => {
    for (const [at, actor] of ACTORS.entries()) {
      const shop = await openShop({ enableSessionForAPIKeys: true })
      const owner = await shop.join('owner')
      const other = await shop.join('other')
      const id = String((await owner.post('/api-key/create', { name: 'first' })).body.id)
      const second = String((await owner.post('/api-key/create', { name: 'second' })).body.key)
      const visitors = { anonymous: shop.visit(), owner, other, key: shop.visit() }
      const headers = actor === 'key' ? { 'x-api-key': second } : {}
      const visitor = visitors[actor]
      const answer =
        action === 'get'
          ? await visitor.get(`/api-key/get?id=${id}`, { headers })
          : await visitor.post(`/api-key/${action}`, { keyId: id, name: 'changed' }, { headers })
      expect([actor, told(answer)]).toEqual([actor, outcomes[at]])
      const row = (await shop.rows('apikey')).find(each => each.id === id)
      const isChanged = outcomes[at] === OK && action !== 'get'
      if (!isChanged) expect(row?.name).toBe('first')
      const unknown =
        action === 'get'
          ? await visitor.get('/api-key/get?id=unknown', { headers })
          : await visitor.post(`/api-key/${action}`, { keyId: 'unknown', name: 'changed' }, { headers })
      if (outcomes[at] === NOT_FOUND) expect(unknown.body).toEqual(answer.body)
    }
  })

  it('a user that is named makes no difference [A6]', async () => {
    const shop = await openShop()
    const ann = await shop.join('ann')
    const ben = await shop.join('ben')
    const userId = await shop.userId('ann')
    const keyId = String((await ann.post('/api-key/create', { name: 'first' })).body.id)
    for (const visitor of [shop.visit(), ben]) {
      expect(told(await visitor.post('/api-key/create', { userId }))).toBe('401 UNAUTHORIZED_SESSION')
      expect(told(await visitor.post('/api-key/update', { keyId, userId, name: 'x' }))).toBe('401 UNAUTHORIZED_SESSION')
    }
    expect(told(await ann.post('/api-key/create', { userId }))).toBe('401 UNAUTHORIZED_SESSION')
    expect(await shop.rows('apikey')).toMatchObject([{ name: 'first' }])
    const { body } = await ben.get(`/api-key/list?userId=${userId}`)
    expect(body.total).toBe(0)
  })
})

describe("an organization's key, by its id [A8 A19, control 47]", () => {
  const ac = createAccessControl({ ...defaultStatements, apiKey: ['create', 'read', 'update', 'rotate', 'delete'] })
  const roles = {
    owner: ac.newRole({ ...ownerAc.statements }),
    admin: ac.newRole({ ...adminAc.statements, apiKey: ['create', 'read', 'update'] }),
    member: ac.newRole({ ...memberAc.statements, apiKey: ['read'] }),
  }
  const ACTORS = ['anonymous', 'member', 'admin', 'owner', 'otherOwner', 'otherUser'] as const
  const MAY_NOT = '403 INSUFFICIENT_API_KEY_PERMISSIONS'
  const STRANGER = '403 USER_NOT_MEMBER_OF_ORGANIZATION'
  const ANONYMOUS = '401 UNAUTHORIZED_SESSION'
  const MATRIX: Record<string, string[]> = {
    create: [ANONYMOUS, MAY_NOT, OK, OK, STRANGER, STRANGER],
    get: [NO_SESSION, OK, OK, OK, STRANGER, STRANGER],
    list: [NO_SESSION, OK, OK, OK, STRANGER, STRANGER],
    update: [ANONYMOUS, MAY_NOT, OK, OK, STRANGER, STRANGER],
    // A secret of somebody else's key, which may do more than any that an admin could make.
    rotate: [ANONYMOUS, MAY_NOT, MAY_NOT, OK, STRANGER, STRANGER],
    delete: [NO_SESSION, MAY_NOT, MAY_NOT, OK, STRANGER, STRANGER],
  }

  async function company(plugin = organization({ ac, roles })) {
    const shop = await openOrganizationShop({}, plugin)
    const actors = {
      anonymous: shop.visit(),
      member: await shop.join('member'),
      admin: await shop.join('admin'),
      owner: await shop.join('owner'),
      otherOwner: await shop.join('otherowner'),
      otherUser: await shop.join('otheruser'),
    }
    const organizationId = await shop.found(actors.owner, 'acme')
    await shop.found(actors.otherOwner, 'other')
    for (const role of ['admin', 'member']) await shop.add(organizationId, role, role)
    const id = String((await actors.owner.post('/api-key/create', { organizationId })).body.id)
    return { ...shop, actors, organizationId, id }
  }

  it.each(Object.entries(MATRIX))('%s', async (action, outcomes) => {
    for (const [at, actor] of ACTORS.entries()) {
      const { actors, organizationId, id } = await company()
      const visitor = actors[actor]
      const calls: Record<string, () => Promise<Answer>> = {
        create: () => visitor.post('/api-key/create', { organizationId }),
        get: () => visitor.get(`/api-key/get?id=${id}`),
        list: () => visitor.get(`/api-key/list?organizationId=${organizationId}`),
        update: () => visitor.post('/api-key/update', { keyId: id, name: actor }),
        rotate: () => visitor.post('/api-key/rotate', { keyId: id }),
        delete: () => visitor.post('/api-key/delete', { keyId: id }),
      }
      const answer = await calls[action]?.()
      expect([actor, answer && told(answer)]).toEqual([actor, outcomes[at]])
    }
  })

  it('is for the owner alone where roles say nothing of keys', async () => {
    const { actors, id } = await company(organization())
    const read = async (actor: keyof typeof actors) => told(await actors[actor].get(`/api-key/get?id=${id}`))
    expect(await read('owner')).toBe(OK)
    expect(await read('admin')).toBe(MAY_NOT)
    expect(await read('member')).toBe(MAY_NOT)
  })

  it('is lost with the membership', async () => {
    const { actors, id, organizationId } = await company()
    await actors.member.post('/organization/leave', { organizationId })
    expect(told(await actors.member.get(`/api-key/get?id=${id}`))).toBe(STRANGER)
  })

  it("is not among a user's keys, nor theirs among its", async () => {
    const kinds: ApiKeyConfiguration[] = [{ configId: 'default' }, { configId: 'team', references: 'organization' }]
    const shop = await openShop(kinds, { plugins: [organization()] })
    const owner = await shop.join('owner')
    const organizationId = String((await owner.post('/organization/create', { name: 'a', slug: 'a' })).body.id)
    await owner.post('/api-key/create', { name: 'mine' })
    await owner.post('/api-key/create', { name: 'ours', organizationId, configId: 'team' })
    const names = async (query: string) =>
      ((await owner.get(`/api-key/list${query}`)).body.apiKeys as { name: string }[]).map(({ name }) => name)
    expect(await names('')).toEqual(['mine'])
    expect(await names(`?organizationId=${organizationId}`)).toEqual(['ours'])
    expect(apiKey(kinds).requires).toEqual(['organization'])
    expect(apiKey().requires).toBeUndefined()
  })
})
