import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| ((?:control \d+|A\d+)[^|]*) \| [^|]+ \| ([^|]+) \|$/gm)].map(
  ([, ids = '', files = '']): [string, string[]] => [ids, files.split(',').map(file => file.trim())],
)

/** The numbers in the tags of a test file, such as `[A30 A40, control 12]`. */
function tagsOf(file: string): Set<string> {
  const path = new URL(`../${file}.test.ts`, import.meta.url)
  expect(existsSync(path), `${file} exists`).toBe(true)
  const tags = [...readFileSync(path, 'utf8').matchAll(/\[((?:A\d+|controls? \d+)[^\]]*)\]/g)].map(
    ([, tag = '']) => tag,
  )
  return new Set(tags.flatMap(tag => [...tag.matchAll(/A\d+|\d+/g)].map(([id]) => id)))
}

describe('the page about security names tests that carry its numbers', () => {
  it('for every control', () => expect(rows.length).toBeGreaterThan(35))

  it.each(rows)('%s', (ids, files) => {
    const tags = files.map(tagsOf)
    for (const [id] of ids.matchAll(/A\d+|(?<=control )\d+/g)) {
      expect(
        tags.some(each => each.has(id)),
        `a test is tagged with ${id}`,
      ).toBe(true)
    }
    const number = /control (\d+)/.exec(ids)?.[1] ?? ''
    for (const [at, each] of tags.entries()) expect(each.has(number), `${files[at]} is tagged`).toBe(true)
  })
})
