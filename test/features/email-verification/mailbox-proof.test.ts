import { expect, it } from 'vitest'
import type { AuthContext, User } from '../../../src/index.ts'
import { type MailboxProof, proveMailbox } from '../../../src/mailbox-proof.ts'
import { createRequestContext } from '../../../src/request.ts'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

describeEveryInstance('the first proof of a mailbox [A33, control 14]', start => {
  const startPlanted = async () => {
    const cleared: string[] = []
    const instance = await start({
      plugins: [{ id: 'keys', hooks: { unprovenClearing: ({ email }) => void cleared.push(email) } }],
    })
    const attacker = instance.visit()
    await attacker.post('/sign-up/email', ann)
    const [user] = (await instance.rows('user')) as unknown as User[]
    if (!user) throw new Error('nobody signed up')
    const { adapter } = instance.auth.context
    const times = { createdAt: new Date(), updatedAt: new Date() }
    const login = { id: 'planted', userId: user.id, providerId: 'github', accountId: 'attacker', ...times }
    await adapter.create({ model: 'account', data: login })
    const request = createRequestContext(instance.auth.context, { headers: new Headers(), sendHeader: () => undefined })
    const prove = (proof?: MailboxProof) =>
      // What a call has beside its request is of no use here.
      proveMailbox({ ...request, outgoing: [], unfinished: new Map(), seen: {} } as AuthContext, user, proof)
    return { ...instance, attacker, user, cleared, prove }
  }

  it('that is a sign-in removes what somebody else may have planted', async () => {
    const { visit, attacker, prove, rows, cleared } = await startPlanted()
    expect(await prove({ clearsUnproven: true })).toMatchObject({ emailVerified: true })
    expect([await rows('account'), await rows('session')]).toEqual([[], []])
    expect((await attacker.get('/get-session')).text).toBe('null')
    expect((await visit().post('/sign-in/email', ann)).status).toBe(401)
    expect(cleared).toEqual([ann.email])
  })

  it('by a link that was asked for at sign-up leaves everything', async () => {
    const { attacker, prove, rows, cleared } = await startPlanted()
    expect(await prove()).toMatchObject({ emailVerified: true })
    expect([(await rows('account')).length, cleared]).toEqual([2, []])
    expect((await attacker.get('/get-session')).body.user).toMatchObject({ emailVerified: true })
  })

  it('is the only one that removes anything', async () => {
    const { prove, rows, cleared } = await startPlanted()
    await prove()
    expect(await prove({ clearsUnproven: true })).toBeNull()
    expect([(await rows('account')).length, (await rows('session')).length, cleared]).toEqual([2, 1, []])
  })

  it('happens once, of 20 at once', async () => {
    const { prove } = await startPlanted()
    const proofs = await Promise.all(Array.from({ length: 20 }, () => prove({ clearsUnproven: true })))
    expect(proofs.filter(user => user !== null)).toHaveLength(1)
  })

  it('is of the address it is about, and of no other', async () => {
    const { auth, prove, user, rows } = await startPlanted()
    const where = [{ field: 'id', value: user.id }]
    await auth.context.adapter.update({ model: 'user', where, update: { email: 'new@example.com' } })
    expect(await prove({ clearsUnproven: true })).toBeNull()
    expect(await rows('user')).toMatchObject([{ emailVerified: false }])
    expect(await rows('account')).toHaveLength(2)
  })

  it('leaves nothing half removed', async () => {
    const instance = await start({
      plugins: [
        {
          id: 'fails',
          hooks: {
            unprovenClearing: () => {
              throw new Error('no')
            },
          },
        },
      ],
    })
    await instance.visit().post('/sign-up/email', ann)
    const [user] = (await instance.rows('user')) as unknown as User[]
    const request = createRequestContext(instance.auth.context, { headers: new Headers(), sendHeader: () => undefined })
    const context = { ...request, outgoing: [], unfinished: new Map(), seen: {} } as AuthContext
    await expect(proveMailbox(context, user as User, { clearsUnproven: true })).rejects.toThrow('no')
    expect(await instance.rows('user')).toMatchObject([{ emailVerified: false }])
    expect([(await instance.rows('account')).length, (await instance.rows('session')).length]).toEqual([1, 1])
  })
})
