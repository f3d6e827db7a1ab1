import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createAccessControl } from '../../../routers/access/index.ts'
import { admin } from '../../../routers/admin/index.ts'
import { type ApiKeyConfiguration, apiKey } from '../../../routers/api-key/index.ts'
import { adminAc, defaultStatements, memberAc, organization, ownerAc } from '../../../routers/organization/index.ts'
import { type AnyPlugin, memoryStorage } from '../../../src/index.ts'
import { describeEveryInstance, type StartInstance } from '../every-instance.ts'
import { openShop, startInMemory, told } from './keys.ts'

const ac = createAccessControl({ ...defaultStatements, apiKey: ['create', 'read', 'rotate', 'delete'] })
const roles = {
  owner: ac.newRole({ ...ownerAc.statements }),
  admin: ac.newRole({ ...adminAc.statements, apiKey: ['create', 'read', 'rotate'] }),
  member: ac.newRole({ ...memberAc.statements }),
}
/** Seconds. */
const DAY = 86_400
const GONE = 'INVALID_API_KEY'
const NOBODYS = 'INVALID_REFERENCE_ID_FROM_API_KEY'

/** An organization with an owner and an admin, each of whom has made a key of it. */
async function company(more: ApiKeyConfiguration = {}, start: StartInstance = startInMemory) {
  const factors = { rule: false as boolean | 'proven', having: new Set<string>() }
  // In place of the plugins that know one.
  const knowing: AnyPlugin = { id: 'factors', hooks: { hasSecondFactor: ({ userId }) => factors.having.has(userId) } }
  const plugins = [organization({ ac, roles, requireSecondFactor: () => factors.rule }), admin(), knowing]
  const user = { deleteUser: { enabled: true } }
  const shop = await openShop({ references: 'organization', ...more }, { plugins, user, start })
  const [owner, worker] = [await shop.join('owner'), await shop.join('worker')]
  const organizationId = String((await owner.post('/organization/create', { name: 'a', slug: 'a' })).body.id)
  const caller = shop.auth.caller() as unknown as {
    organization: { member: { add(input: object): Promise<{ id: string }> } }
  }
  const userId = await shop.userId('worker')
  const join = () => caller.organization.member.add({ organizationId, userId, role: 'admin' })
  const { id: memberId } = await join()
  const make = async (visitor: typeof owner) =>
    (await visitor.post('/api-key/create', { organizationId })).body as { id: string; key: string }
  const [owners, workers] = [await make(owner), await make(worker)]
  const verdicts = () => Promise.all([shop.verdict(owners.key), shop.verdict(workers.key)])
  return { ...shop, factors, owner, worker, organizationId, userId, memberId, rejoin: join, owners, workers, verdicts }
}

describeEveryInstance("an organization's key, and the member who made it [control 80]", start => {
  it('ends when that one leaves, for good', async () => {
    const { worker, organizationId, verdicts, rejoin, rows, owners } = await company({}, start)
    expect(await verdicts()).toEqual(['ok', 'ok'])
    expect(told(await worker.post('/organization/leave', { organizationId }))).toBe('200')
    expect(await verdicts()).toEqual(['ok', GONE])
    await rejoin()
    expect(await verdicts()).toEqual(['ok', GONE])
    expect(await rows('apikey')).toMatchObject([{ id: owners.id }])
  })

  it('ends when that one is removed', async () => {
    const { owner, organizationId, verdicts, memberId } = await company({}, start)
    const removal = { organizationId, memberIdOrEmail: memberId }
    expect(told(await owner.post('/organization/remove-member', removal))).toBe('200')
    expect(await verdicts()).toEqual(['ok', GONE])
  })

  it('ends when that one is deleted [control 34]', async () => {
    const { worker, verdicts, rows } = await company({}, start)
    expect(told(await worker.post('/delete-user', {}))).toBe('200')
    expect(await verdicts()).toEqual(['ok', GONE])
    expect(await rows('apikey')).toHaveLength(1)
  })

  it('does nothing without the membership, however that went', async () => {
    const { auth, memberId, verdicts } = await company({}, start)
    await auth.context.adapter.delete({ model: 'member', where: [{ field: 'id', value: memberId }] })
    expect(await verdicts()).toEqual(['ok', NOBODYS])
  })

  it('does nothing while that one is banned [control 34]', async () => {
    const { auth, userId, verdicts } = await company({}, start)
    const ban = (banned: boolean) =>
      auth.context.adapter.update({ model: 'user', where: [{ field: 'id', value: userId }], update: { banned } })
    await ban(true)
    const [owners, workers] = await verdicts()
    expect([owners, workers === 'ok']).toEqual(['ok', false])
    await ban(false)
    expect(await verdicts()).toEqual(['ok', 'ok'])
  })

  it('ends with the organization', async () => {
    const { owner, organizationId, verdicts, rows } = await company({}, start)
    expect(told(await owner.post('/organization/delete', { organizationId }))).toBe('200')
    expect(await verdicts()).toEqual([GONE, GONE])
    expect(await rows('apikey')).toEqual([])
  })

  it('is kept by rotating it in time: whoever does answers for it from then on', async () => {
    const { owner, worker, workers, organizationId, verdict } = await company({}, start)
    const rotated = (await owner.post('/api-key/rotate', { keyId: workers.id })).body as { key: string }
    expect(await Promise.all([verdict(workers.key), verdict(rotated.key)])).toEqual(['ok', 'ok'])
    await worker.post('/organization/leave', { organizationId })
    expect(await Promise.all([verdict(workers.key), verdict(rotated.key)])).toEqual([GONE, 'ok'])
  })
})

describeEveryInstance("an organization's key of a member who leaves at that moment [control 80]", start => {
  const both = async (way: string, options: ApiKeyConfiguration = {}) => {
    const shop = await company(options, start)
    const { worker, organizationId, owners } = shop
    const body = way === 'create' ? { organizationId } : { keyId: owners.id, overlap: 0 }
    const make = () => worker.post(`/api-key/${way}`, body)
    const leave = async () => told(await worker.post('/organization/leave', { organizationId }))
    return { ...shop, make, leave, adapter: shop.auth.context.adapter }
  }

  it.each(['create', 'rotate'])('is deleted where making it comes first (%s)', async way => {
    const { adapter, make, leave, owners, rows, verdict } = await both(way)
    const { create } = adapter
    let making: ReturnType<typeof make> | undefined
    await new Promise<void>(begun => {
      adapter.create = async query => {
        begun()
        // Long enough for leaving to be over, if it does not wait.
        await pause(300)
        return create.call(adapter, query)
      }
      making = make()
    })
    expect(await leave()).toBe('200')
    const made = await making
    expect(made?.status).toBe(200)
    expect(await rows('apikey')).toMatchObject(way === 'create' ? [{ id: owners.id }] : [])
    expect(await verdict(made?.body.key as string)).toBe(GONE)
  })

  it.each(['create', 'rotate'])('is refused where leaving comes first (%s)', async way => {
    let meanwhile: (() => Promise<unknown>) | undefined
    const customKeyGenerator = async () => {
      await meanwhile?.()
      return randomBytes(32).toString('hex')
    }
    const { make, leave, owners, rows } = await both(way, { customKeyGenerator })
    const answers: string[] = []
    meanwhile = async () => answers.push(await leave())
    answers.push(told(await make()))
    expect(answers).toEqual(['200', '403 USER_NOT_MEMBER_OF_ORGANIZATION'])
    expect(await rows('apikey')).toMatchObject([{ id: owners.id, successorId: null }])
  })
})

describe("an organization's key [control 80]", () => {
  it('goes on when its maker may make no more: what it may do is not of that role', async () => {
    const { owner, worker, organizationId, memberId, workers, verdicts } = await company()
    const change = { organizationId, memberId, role: 'member' }
    expect(told(await owner.post('/organization/update-member-role', change))).toBe('200')
    expect(await verdicts()).toEqual(['ok', 'ok'])
    for (const [path, body] of [
      ['rotate', { keyId: workers.id }],
      ['update', { keyId: workers.id, name: 'x' }],
      ['delete', { keyId: workers.id }],
      ['create', { organizationId }],
    ] as const) {
      expect(told(await worker.post(`/api-key/${path}`, body))).toBe('403 INSUFFICIENT_API_KEY_PERMISSIONS')
    }
  })

  it.each([false, true])(
    'ends with the membership in a storage, too (before the database: %s)',
    async fallbackToDatabase => {
      const where = { storage: 'secondary-storage', customStorage: memoryStorage(), fallbackToDatabase } as const
      const { worker, organizationId, verdicts, rejoin } = await company(where)
      expect(await verdicts()).toEqual(['ok', 'ok'])
      await worker.post('/organization/leave', { organizationId })
      expect(await verdicts()).toEqual(['ok', GONE])
      await rejoin()
      expect(await verdicts()).toEqual(['ok', GONE])
    },
  )

  it('outlives the membership where the options say so, and one of before that names no maker', async () => {
    const staying = await company({ outliveMembership: true })
    await staying.worker.post('/organization/leave', { organizationId: staying.organizationId })
    expect(await staying.verdicts()).toEqual(['ok', 'ok'])
    const { auth, worker, organizationId, workers, verdicts } = await company()
    const where = [{ field: 'id', value: workers.id }]
    await auth.context.adapter.update({ model: 'apikey', where, update: { creatorId: null } })
    await worker.post('/organization/leave', { organizationId })
    expect(await verdicts()).toEqual(['ok', 'ok'])
  })

  it('does nothing while its maker lacks the factor that the organization asks for [control 22]', async () => {
    const { factors, userId, verdicts, worker, owners } = await company()
    factors.having.add(userId)
    for (const rule of [true, 'proven'] as const) {
      factors.rule = rule
      expect([rule, ...(await verdicts())]).toEqual([rule, 'SECOND_FACTOR_REQUIRED', 'ok'])
    }
    // Without a session there is nothing that could have been proved; with one it is asked for.
    expect(told(await worker.get(`/api-key/get?id=${owners.id}`))).toBe('401 STEP_UP_REQUIRED')
    factors.rule = false
    expect(await verdicts()).toEqual(['ok', 'ok'])
  })

  it('stays when leaving is undone', async () => {
    const { auth, worker, organizationId, verdicts } = await company()
    const { adapter } = auth.context
    const { deleteMany } = adapter
    adapter.deleteMany = async query => {
      if (query.model === 'member') throw new Error('the disk is full')
      return deleteMany.call(adapter, query)
    }
    expect((await worker.post('/organization/leave', { organizationId })).status).toBe(500)
    adapter.deleteMany = deleteMany
    expect(await verdicts()).toEqual(['ok', 'ok'])
  })

  it('ends no later for being rotated by a member who may not change it', async () => {
    const { owner, worker, organizationId, own, userId, clock, auth } = await company()
    const create = () => own.create({ organizationId, userId, expiresIn: 4 * DAY })
    const [one, other] = [await create(), await create()]
    clock.advance(3 * DAY)
    const rotate = async (visitor: typeof owner, keyId: string) =>
      (await visitor.post('/api-key/rotate', { keyId })).body as { id: string; expiresAt: string }
    const kept = await rotate(worker, one.id)
    expect(kept.expiresAt).toEqual((one.expiresAt as Date).toISOString())
    // The application's own code rotates in a member's name: it may what that one may.
    const caller = auth.caller() as unknown as { apiKey: { rotate(input: object): Promise<{ expiresAt: Date }> } }
    expect((await caller.apiKey.rotate({ keyId: kept.id, userId })).expiresAt).toEqual(one.expiresAt)
    const moved = await rotate(owner, other.id)
    expect(moved.expiresAt).toBe(new Date(clock.now().getTime() + 4 * DAY * 1000).toISOString())
  })

  it("is nobody's session, and tells nobody who made it", async () => {
    const { owner, userId, organizationId, workers, visit, own } = await company({ enableSessionForAPIKeys: true })
    const asUser = await visit().get('/get-session', { headers: { 'x-api-key': workers.key } })
    expect(told(asUser)).toBe('401 INVALID_REFERENCE_ID_FROM_API_KEY')
    const { text } = await owner.get(`/api-key/list?organizationId=${organizationId}`)
    expect(text).toContain(workers.id)
    expect(text).not.toContain(userId)
    expect(JSON.stringify(await own.verify({ key: workers.key }))).not.toContain(userId)
    expect(apiKey({ references: 'organization' }).hooks?.membershipEnding).toBeDefined()
    expect(apiKey().hooks?.membershipEnding).toBeUndefined()
  })
})
