import { describe, expect, it } from 'vitest'
import { originGlob, pathGlob } from '../../src/glob.ts'

describe('a pattern for paths', () => {
  const cases: [pattern: string, path: string, matches: boolean][] = [
    ['/sign-in/*', '/sign-in/email', true],
    ['/sign-in/*', '/sign-in/', true],
    ['/sign-in/*', '/sign-in/a/b', false],
    ['/sign-in/**', '/sign-in/a/b', true],
    ['/**', '/anything/at/all', true],
    ['*', '/sign-in', false],
    ['/sign-??', '/sign-in', true],
    ['/sign-??', '/sign-out', false],
    ['/a?b', '/a/b', false],
    ['/sign-in', '/sign-in', true],
    ['/sign-in', '/SIGN-IN', false],
    ['/sign-in', '/sign-in/email', false],
    ['/a.b', '/aXb', false],
    ['/a+(b)', '/a+(b)', true],
    ['/a+(b)', '/aab', false],
    ['/[a]', '/a', false],
    ['/a|/b', '/b', false],
    ['/a$', '/a', false],
  ]
  it.each(cases)('%j matches %j: %s', (pattern, path, matches) => expect(pathGlob(pattern).test(path)).toBe(matches))
})

describe('a pattern for origins', () => {
  it('never crosses a slash or a backslash', () => {
    for (const pattern of ['https://*', 'https://**', 'https://*.example', 'https://?.example']) {
      for (const origin of ['https://evil.com/x.example', 'https://evil.com\\x.example', 'https:///.example']) {
        expect(originGlob(pattern).test(origin)).toBe(false)
      }
    }
  })

  it('does not tell letters by their case', () => {
    expect(originGlob('https://*.Example.com').test('https://a.example.com')).toBe(true)
  })
})
