import { describe, expect, it } from 'vitest'
import type { EventName } from '../../src/index.ts'
import { describeEveryInstance } from '../features/every-instance.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

const names: EventName[] = [
  'user.created',
  'user.updated',
  'user.deleted',
  'session.created',
  'session.updated',
  'session.deleted',
  'account.created',
  'account.updated',
  'account.deleted',
]

describeEveryInstance('events', start => {
  it('are told of every write, with its row, after the commit', async () => {
    const { auth, visit, rows } = await start()
    const heard: [string, number][] = []
    for (const name of names) {
      // What a listener finds in the database is what it was told of.
      auth.events.on(name, async () => heard.push([name, (await rows('user')).length]))
    }
    const browser = visit()
    await browser.post('/sign-up/email', ann)
    await auth.context.events.settled()
    expect(heard.splice(0).toSorted()).toEqual([
      ['account.created', 1],
      ['session.created', 1],
      ['user.created', 1],
    ])
    await browser.post('/update-user', { name: 'Anne' })
    await browser.post('/sign-out')
    await auth.context.events.settled()
    expect(heard.toSorted()).toEqual([
      ['session.deleted', 1],
      ['user.updated', 1],
    ])
  })

  it('nothing is told of what was undone', async () => {
    const { auth } = await start()
    const heard: unknown[] = []
    auth.events.on('user.created', event => heard.push(event))
    const { adapter, unitOfWork } = auth.context
    const user = { id: 'someone', name: 'Ann', email: ann.email, emailVerified: false, image: null }
    const dates = { createdAt: new Date(), updatedAt: new Date() }
    const attempt = unitOfWork.run(async () => {
      await adapter.create({ model: 'user', data: { ...user, ...dates } })
      throw new Error('changed my mind')
    })
    await expect(attempt).rejects.toThrow('changed my mind')
    await auth.context.events.settled()
    expect(heard).toEqual([])
  })
})

describe('a listener', () => {
  it('that fails is logged; the request and the other listeners do not notice', async () => {
    const { auth, log } = createTestAuth()
    const heard: string[] = []
    auth.events.on('user.created', () => {
      throw new Error('the search index is down')
    })
    auth.events.on('user.created', async () => Promise.reject(new Error('so is the other one')))
    auth.events.on('user.created', ({ user }) => heard.push(user.email))
    const answer = await visit(auth).post('/sign-up/email', ann)
    await auth.context.events.settled()
    expect(answer.status).toBe(200)
    expect(heard).toEqual([ann.email])
    expect(log.map(({ message }) => message)).toEqual([
      'a listener to user.created failed',
      'a listener to user.created failed',
    ])
  })

  it('is not waited for, except by `close`', async () => {
    const { auth } = createTestAuth()
    let release: () => void = () => undefined
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    let isDone = false
    auth.events.on('user.created', async () => {
      await held
      isDone = true
    })
    await visit(auth).post('/sign-up/email', ann)
    expect(isDone).toBe(false)
    release()
    await auth.close()
    expect(isDone).toBe(true)
  })

  it('hears nothing any more once it is taken back', async () => {
    const { auth } = createTestAuth()
    const heard: unknown[] = []
    const stop = auth.events.on('session.created', event => heard.push(event))
    await visit(auth).post('/sign-up/email', ann)
    stop()
    await visit(auth).post('/sign-in/email', ann)
    await auth.context.events.settled()
    expect(heard).toHaveLength(1)
  })
})
