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

test.each(['a\r\nset-cookie: x=1', 'a\nb', 'a\0', '€'])('no header begins within the value %j', value => {
  const headers = new AnswerHeaders(['x-one', 'kept'])
  expect(() => headers.append('x-two', value)).toThrow(TypeError)
  expect(() => headers.set('x-one', value)).toThrow(TypeError)
  expect([...headers]).toEqual([['x-one', 'kept']])
})
