import { describe, expect, it } from 'vitest'
import { randomString } from '../../src/crypto/random.ts'

describe('a random string', () => {
  it('has the length that was asked for, of letters and digits', () => {
    for (const length of [0, 1, 24, 32, 100])
      expect(randomString(length)).toMatch(new RegExp(`^[a-zA-Z0-9]{${length}}$`))
  })

  it('uses every character about equally often', () => {
    const counts = new Map<string, number>()
    for (const character of randomString(62_000)) counts.set(character, (counts.get(character) ?? 0) + 1)
    expect(counts.size).toBe(62)
    // 1000 expected of each, standard deviation 31: eight of those away does not happen by chance.
    for (const [character, count] of counts) expect(Math.abs(count - 1000), character).toBeLessThan(250)
  })

  it('does not repeat', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => randomString(32))).size).toBe(10_000)
  })
})
