import { describe, expect, it } from 'vitest'
import { admin } from '../../../routers/admin/index.ts'
import { organization } from '../../../routers/organization/index.ts'
import type { OrganizationOptions } from '../../../routers/organization/options.ts'
import { describeEveryInstance, type StartInstance } from '../every-instance.ts'
import { openCompany, tally, told } from './company.ts'

const password = 'correct horse battery'
const ONLY_OWNER = '400 YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER'

/** Organizations whose users can be deleted: by themselves, by a mailed link and by an administrator. */
async function open(start: StartInstance, options: OrganizationOptions = {}, mailed?: string[]) {
  const sendDeleteAccountVerification = mailed && (async ({ token }: { token: string }) => void mailed.push(token))
  const company = await openCompany(
    given =>
      start({
        ...given,
        plugins: [organization(options), admin()],
        user: {
          deleteUser: { enabled: true, ...(sendDeleteAccountVerification && { sendDeleteAccountVerification }) },
        },
      }),
    options,
  )
  const root = await company.join('root')
  const where = [{ field: 'email', value: 'root@example.com' }]
  await company.auth.context.adapter.update({ model: 'user', where, update: { role: 'admin' } })
  const remove = async (name: string) =>
    root.post('/admin/remove-user', { userId: String((await company.user(name)).id) })
  return { ...company, root, remove }
}

describeEveryInstance('deleting a user leaves no organization without an owner [control 54]', start => {
  it('while others are in it that do not own it, whoever deletes', async () => {
    const { join, found, add, rows, remove } = await open(start)
    const [owner, ben] = [await join('owner'), await join('ben')]
    const organizationId = await found(owner, 'acme')
    await add(organizationId, 'ben')
    const before = [await rows('member'), await rows('session'), await rows('account')]
    expect(told(await owner.post('/delete-user', { password }))).toBe(ONLY_OWNER)
    expect(told(await remove('owner'))).toBe(ONLY_OWNER)
    expect([await rows('member'), await rows('session'), await rows('account')]).toEqual(before)
    await add(organizationId, 'root', 'owner')
    expect(told(await remove('owner'))).toBe('200')
    expect(told(await ben.post('/delete-user', { password }))).toBe('200')
    expect((await rows('member')).map(({ role }) => role)).toEqual(['owner'])
  })

  it('one with nobody else in it goes with its owner, others stay', async () => {
    const { join, found, add, rows, root, remove } = await open(start)
    const owner = await join('owner')
    await found(owner, 'own')
    const shared = await found(root, 'shared')
    await add(shared, 'owner')
    expect(told(await remove('owner'))).toBe('200')
    expect((await rows('organization')).map(({ slug }) => slug)).toEqual(['shared'])
    expect(await rows('member')).toHaveLength(1)
  })

  it('of 10 owners who are deleted, leave or are demoted at once, one stays while others are in it', async () => {
    const { join, found, add, memberId, rows, remove } = await open(start)
    const names = Array.from({ length: 10 }, (_, index) => `o${index}`)
    const owners = await Promise.all(names.map(name => join(name)))
    const [first] = owners
    if (!first) throw new Error('nobody')
    const organizationId = await found(first, 'acme')
    for (const name of names.slice(1)) await add(organizationId, name, 'owner')
    await join('member')
    await add(organizationId, 'member')
    const ids = await Promise.all(names.map(name => memberId(organizationId, name)))
    const answers = await Promise.all(
      owners.map((owner, at) => {
        if (at % 3 === 0) return owner.post('/delete-user', { password })
        if (at % 3 === 1) return remove(String(names[at]))
        return at % 2 === 0
          ? owner.post('/organization/leave', { organizationId })
          : owner.post('/organization/update-member-role', { organizationId, memberId: ids[at], role: 'member' })
      }),
    )
    const { 200: done } = tally(answers)
    expect(done, JSON.stringify(tally(answers))).toBe(9)
    const left = (await rows('member')).filter(({ role }) => role === 'owner')
    expect(left).toHaveLength(1)
  })

  it('two who own two organizations together and are deleted at once do not wait for each other for ever', async () => {
    const { join, found, add, rows } = await open(start)
    const [ann, ben] = [await join('ann'), await join('ben')]
    const [one, two] = [await found(ann, 'one'), await found(ben, 'two')]
    await add(one, 'ben', 'owner')
    await add(two, 'ann', 'owner')
    const answers = await Promise.all([ann, ben].map(each => each.post('/delete-user', { password })))
    expect(tally(answers)).toEqual({ 200: 2 })
    // The second was the last one in both.
    expect([await rows('organization'), await rows('member')]).toEqual([[], []])
  })
})

describeEveryInstance('a mailed link that deletes the user [control 54]', start => {
  it('is not used up by a refusal', async () => {
    const mailed: string[] = []
    const { join, found, add, rows } = await open(start, {}, mailed)
    const [owner, ben] = [await join('owner'), await join('ben')]
    const organizationId = await found(owner, 'acme')
    await add(organizationId, 'ben')
    await owner.post('/delete-user', {})
    await expect.poll(() => mailed).toHaveLength(1)
    const [token] = mailed
    expect(told(await owner.post('/delete-user', { token }))).toBe(ONLY_OWNER)
    expect(told(await ben.post('/organization/leave', { organizationId }))).toBe('200')
    expect(told(await owner.post('/delete-user', { token }))).toBe('200')
    expect(await rows('organization')).toEqual([])
  })
})

describe('an organization that goes with its owner', () => {
  const inMemory: StartInstance = async given => {
    const { startInMemory } = await import('../admin/office.ts')
    return startInMemory(given)
  }

  it('is told to the application, which may refuse before anything is deleted', async () => {
    const heard: string[] = []
    let isRefused = true
    const organizationHooks = {
      beforeDeleteOrganization: async ({ organization }: { organization: { slug: string } }) => {
        heard.push(`before ${organization.slug}`)
        if (isRefused) throw new Error('unpaid')
      },
      afterDeleteOrganization: async ({ organization }: { organization: { slug: string } }) =>
        void heard.push(`after ${organization.slug}`),
    }
    const { join, found, remove, rows } = await open(inMemory, { organizationHooks })
    await found(await join('owner'), 'acme')
    expect((await remove('owner')).status).toBe(500)
    expect([heard, (await rows('organization')).length]).toEqual([['before acme'], 1])
    isRefused = false
    expect(told(await remove('owner'))).toBe('200')
    expect(heard.slice(1)).toEqual(['before acme', 'after acme'])
  })

  it('does not go where organizations are not deleted', async () => {
    const { join, found, add, remove, rows } = await open(inMemory, { disableOrganizationDeletion: true })
    const organizationId = await found(await join('owner'), 'acme')
    expect(told(await remove('owner'))).toBe(ONLY_OWNER)
    await add(organizationId, 'root', 'owner')
    expect(told(await remove('owner'))).toBe('200')
    expect(await rows('organization')).toHaveLength(1)
  })
})
