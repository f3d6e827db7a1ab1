import { expect, test } from 'vitest'
import { AnswerHeaders } from '../../src/answer-headers.ts'

test('names are one whatever their case, cookies stand beside each other', () => {
  const headers = new AnswerHeaders(['cache-control', 'no-store'])
  headers.set('Cache-Control', 'public')
  headers.append('Set-Cookie', 'a=1')
  headers.append('set-cookie', 'b=2')
  headers.set('Location', '/x')
  expect([...headers]).toEqual([
    ['cache-control', 'public'],
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['location', '/x'],
  ])
  expect(headers.has('set-cookie')).toBe(true)
  expect(headers.has('retry-after')).toBe(false)
  expect(new Headers([...headers]).getSetCookie()).toEqual(['a=1', 'b=2'])
})

test('several values of one name are one, as in fetch', () => {
  const headers = new AnswerHeaders()
  const fetched = new Headers()
  for (const target of [headers, fetched]) {
    target.append('access-control-expose-headers', 'set-auth-token')
    target.append('Access-Control-Expose-Headers', 'set-ott')
    target.append('vary', 'origin')
    target.set('vary', 'accept')
  }
  expect([...headers]).toEqual([...fetched])
})

test.each(['a\r\nset-cookie: x=1', 'a\nb', 'a\0', '€'])('no header begins within the value %j', value => {
  const headers = new AnswerHeaders(['x-one', 'kept'])
  expect(() => headers.append('x-two', value)).toThrow(TypeError)
  expect(() => headers.set('x-one', value)).toThrow(TypeError)
  expect([...headers]).toEqual([['x-one', 'kept']])
})
