import { expect, it } from 'vitest'
import { describeEveryStorage } from './every-storage.ts'

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

describeEveryStorage('a secondary storage', (open, name) => {
  // Made up of get and set, these are not atomic, which its documentation says.
  const itWhereAtomic = (title: string, test: () => Promise<void>) => {
    if (name !== 'minimal') it(title, test)
  }

  it('keeps what it is given, any text, until it is deleted', async () => {
    const { storage, again } = open()
    await storage.set('a', '{"ü":"\\u0000 \n"}')
    expect(await again().get('a')).toBe('{"ü":"\\u0000 \n"}')
    await storage.delete('a')
    expect(await storage.get('a')).toBeNull()
  })

  it('forgets a value when its time is over', async () => {
    const { storage } = open()
    await storage.set('a', 'x', 1)
    expect(await storage.get('a')).toBe('x')
    await pause(1100)
    expect(await storage.get('a')).toBeNull()
  })

  it('hands a value out once', async () => {
    const { storage, again } = open()
    await storage.set('a', 'x')
    const takers = name === 'minimal' ? [storage] : Array.from({ length: 50 }, (_, i) => (i % 2 ? storage : again()))
    const taken = await Promise.all(takers.map(taker => taker.getAndDelete('a')))
    expect(taken.filter(value => value === 'x')).toHaveLength(1)
    expect(await storage.get('a')).toBeNull()
  })

  it('replaces only what is there', async () => {
    const { storage } = open()
    expect(await storage.replace('a', 'x', 10)).toBe(false)
    expect(await storage.get('a')).toBeNull()
    await storage.set('a', 'x', 10)
    expect(await storage.replace('a', 'y', 10)).toBe(true)
    expect(await storage.get('a')).toBe('y')
  })

  itWhereAtomic('counts every call, and starts anew when the time is over', async () => {
    const { storage, again } = open()
    const other = again()
    const counts = await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 ? storage : other).increment('hits', 1)),
    )
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    await pause(1100)
    expect(await storage.increment('hits', 1)).toBe(1)
  })

  it('keeps sets of texts', async () => {
    const { storage } = open()
    expect(await storage.members('s')).toEqual([])
    await storage.addMember('s', 'a', 10)
    await storage.addMember('s', 'b', 10)
    await storage.addMember('s', 'a', 10)
    expect((await storage.members('s')).sort()).toEqual(['a', 'b'])
    await storage.removeMember('s', 'a')
    expect(await storage.members('s')).toEqual(['b'])
  })

  itWhereAtomic('loses no member that is added at the same time', async () => {
    const { storage, again } = open()
    const other = again()
    await Promise.all(Array.from({ length: 50 }, (_, i) => (i % 2 ? storage : other).addMember('s', `m${i}`, 10)))
    expect(await storage.members('s')).toHaveLength(50)
  })
})
