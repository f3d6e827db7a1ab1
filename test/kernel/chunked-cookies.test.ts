import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunkNames, isChunkOf, readChunked, serializeChunked } from '../../src/chunked-cookies.ts'
import { type CookieAttributes, parseCookies } from '../../src/cookies.ts'

const name = 'better-auth.session_data'
const attributes: CookieAttributes = { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 300 }
const text = (max: number) => fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.'), minLength: 1, maxLength: max })

function chunksOf(value: string, own: CookieAttributes = attributes) {
  const lines = serializeChunked({ name, value, attributes: own })
  if (!lines) throw new Error('too long')
  return lines
}

/** What a browser sends back: the cookies it has, then those it is given, in any order. */
function jar(...sets: [string, string][][]): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const [key, line] of sets.flat()) cookies.set(key, line.slice(key.length + 1, line.indexOf(';')))
  return cookies
}

describe('a value in chunks', () => {
  it('comes back as it was, whatever its length and the order of the cookies (property)', () => {
    const order = fc.infiniteStream(fc.nat(1000))
    fc.assert(
      fc.property(text(30_000), order, (value, ranks) => {
        const header = chunksOf(value)
          .map(([, line]) => ({ pair: line.split('; ')[0], rank: ranks.next().value ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ pair }) => pair)
          .join('; ')
        expect(readChunked(parseCookies(`a=1; ${header}; ${name}x.0=no`), name)).toBe(value)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('is none when a chunk is missing, unless it was the last and cannot be missed (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5_000, max: 40_000 }), fc.nat(), (length, pick) => {
        const cookies = jar(chunksOf('x'.repeat(length)))
        const keys = [...cookies.keys()]
        cookies.delete(keys[pick % (keys.length - 1)] as string)
        expect(readChunked(cookies, name)).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })

  it('has lines that every browser takes, of the sizes that official servers write', () => {
    const lines = chunksOf('x'.repeat(20_000))
    expect(lines.map(([key]) => key)).toEqual([0, 1, 2, 3, 4, 5].map(index => `${name}.${index}`))
    expect(lines[0]?.[1]).toBe(`${name}.0=${'x'.repeat(3896)}; Max-Age=300; Path=/; HttpOnly; SameSite=Lax`)
    expect(lines.every(([, line]) => line.length <= 4093)).toBe(true)
  })

  it('is one cookie as long as its line has room, and chunks beyond (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3_500, max: 4_500 }), length => {
        const lines = chunksOf('x'.repeat(length))
        const whole = `${name}=${'x'.repeat(length)}; Max-Age=300; Path=/; HttpOnly; SameSite=Lax`
        expect(lines).toHaveLength(whole.length <= 4093 ? 1 : 2)
      }),
    )
  })

  it('leaves room for long attributes', () => {
    const lines = chunksOf('x'.repeat(9000), { ...attributes, domain: `${'a'.repeat(200)}.example` })
    expect(lines.every(([, line]) => line.length <= 4093)).toBe(true)
    expect(readChunked(jar(lines), name)).toHaveLength(9000)
  })

  it('of more than 100 chunks is not written', () => {
    expect(chunksOf('x'.repeat(3896 * 100))).toHaveLength(100)
    expect(serializeChunked({ name, value: 'x'.repeat(3896 * 100 + 1), attributes })).toBeUndefined()
    expect(serializeChunked({ name, value: 'x'.repeat(8000), attributes }, 2)).toBeUndefined()
  })

  it('is refused when it would grow by percent-encoding', () => {
    expect(() => chunksOf('a b')).toThrow('percent-encoded')
    expect(() => chunksOf('ä')).toThrow('percent-encoded')
  })
})

describe('what is left of an earlier value', () => {
  it('is named, so that it can be expired', () => {
    const cookies = jar(chunksOf('x'.repeat(9000)))
    cookies.set(name, 'short')
    cookies.set(`${name}.note`, 'another cookie')
    expect(chunkNames(cookies, name)).toEqual([name, `${name}.0`, `${name}.1`, `${name}.2`])
    expect(chunkNames(new Map(), name)).toEqual([])
  })

  it('does not mix with a new one that is whole (property)', () => {
    fc.assert(
      fc.property(text(20_000), text(100), (old, now) => {
        expect(readChunked(jar(chunksOf(old), chunksOf(now)), name)).toBe(now)
      }),
      { numRuns: 100 },
    )
  })

  it('mixes with a new one in fewer chunks only into what verifies nowhere: it is longer or none (property)', () => {
    const length = fc.integer({ min: 4_100, max: 30_000 })
    fc.assert(
      fc.property(length, length, (before, after) => {
        const read = readChunked(jar(chunksOf('o'.repeat(before)), chunksOf('n'.repeat(after))), name)
        if (read !== 'n'.repeat(after)) expect(read?.length ?? Number.POSITIVE_INFINITY).toBeGreaterThan(after)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the name of a chunk', () => {
  it.each([
    [name, true],
    [`${name}.0`, true],
    [`${name}.99`, true],
    [`${name}.100`, false],
    [`${name}.01`, false],
    [`${name}.-1`, false],
    [`${name}.1e1`, false],
    [`${name}.`, false],
    [`${name}2`, false],
    [`${name}.note`, false],
    [`x${name}.0`, false],
  ])('%s: %s', (other, expected) => expect(isChunkOf(name, other)).toBe(expected))
})
