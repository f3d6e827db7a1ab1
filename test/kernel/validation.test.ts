import { describe, expect, it } from 'vitest'
import { refuseHostileInput, toCamelCaseKeys, validationMessage } from '../../src/validation.ts'

describe('input that could do harm', () => {
  const refused = expect.objectContaining({ authCode: 'VALIDATION_ERROR', status: 400 })
  const nest = (depth: number): unknown => (depth === 0 ? 'end' : { a: nest(depth - 1) })

  it.each([
    '{"__proto__":1}',
    '{"constructor":1}',
    '{"prototype":{}}',
    '{"a":{"__proto__":{}}}',
    '[{"b":[{"constructor":null}]}]',
    '"\\u0000"',
    '{"a":"x\\u0000"}',
    '{"\\u0000":1}',
    '["\\ud800"]',
    '{"a":"\\udc00\\ud800"}',
  ])('is refused: %s', text => expect(() => refuseHostileInput(JSON.parse(text))).toThrow(refused))

  it('is refused when it is nested too deeply', () => {
    expect(() => refuseHostileInput(nest(32))).not.toThrow()
    expect(() => refuseHostileInput(nest(34))).toThrow(refused)
  })

  it.each([
    'null',
    '1',
    'true',
    '"text"',
    '{}',
    '[]',
    '{"proto":1,"__proto":2,"Constructor":3}',
    '{"a":"constructor","b":"__proto__"}',
    '{"emoji":"😀","newline":"\\n\\t\\u0001"}',
  ])('is not refused for looking like it: %s', text => {
    expect(() => refuseHostileInput(JSON.parse(text))).not.toThrow()
  })

  it('may be left out', () => expect(() => refuseHostileInput(undefined)).not.toThrow())
})

describe('keys in snake_case', () => {
  const declared = { rememberMe: 1, callbackURL: 1, userId: 1, email: 1, snake_case: 1, oauth2Code: 1 }

  it('are those of the input that declares them in camelCase', () => {
    const given = { remember_me: true, callback_url: '/x', user_id: 'u', email: 'e', oauth2_code: 'c' }
    expect(toCamelCaseKeys(given, declared)).toEqual({
      rememberMe: true,
      callbackURL: '/x',
      userId: 'u',
      email: 'e',
      oauth2Code: 'c',
    })
  })

  it('stay as they are when nobody declares them, or declares just that', () => {
    const given = { other_key: 1, snake_case: 2, nested: { remember_me: true } }
    expect(toCamelCaseKeys(given, declared)).toEqual(given)
  })

  it('do not override the key that is there', () => {
    for (const given of [
      { rememberMe: false, remember_me: true },
      { remember_me: true, rememberMe: false },
    ]) {
      expect(toCamelCaseKeys(given, declared)).toMatchObject({ rememberMe: false })
    }
  })

  it('are only looked for in objects', () => {
    for (const given of [null, undefined, 'text', 1, ['remember_me']])
      expect(toCamelCaseKeys(given, declared)).toBe(given)
  })
})

describe('the message of a failed check', () => {
  const failed = (issues: object[]) => ({ code: 'BAD_REQUEST', cause: { issues } })

  it('names part and path of every issue', () => {
    const issues = [
      { path: ['email'], message: 'Invalid email' },
      { path: ['data', 0, 'x'], message: 'Too long' },
      { message: 'Expected object' },
    ]
    expect(validationMessage(failed(issues), 'body')).toBe(
      '[body.email] Invalid email; [body.data.0.x] Too long; [body] Expected object',
    )
    expect(validationMessage(failed(issues.slice(0, 1)), 'query')).toBe('[query.email] Invalid email')
  })

  it('is none for any other error', () => {
    for (const thrown of [
      undefined,
      null,
      'text',
      new Error('x'),
      { code: 'BAD_REQUEST' },
      { code: 'X', cause: { issues: [] } },
    ]) {
      expect(validationMessage(thrown, 'body')).toBeUndefined()
    }
  })
})
