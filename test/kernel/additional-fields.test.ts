import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseFields } from '../../src/additional-fields.ts'
import type { Fields } from '../../src/index.ts'

const refused = (authCode: string, message?: string) =>
  expect.objectContaining({ authCode, status: 400, ...(message && { message }) })

describe('fields that a client may set', () => {
  const fields: Fields = {
    nick: { type: 'string', input: true },
    city: { type: 'string', input: true, required: false },
    plan: { type: 'string', input: true, defaultValue: 'free' },
    since: { type: 'number', input: true, defaultValue: () => 2026 },
  }

  it('are taken from its input, and completed with defaults at creation', () => {
    expect(parseFields(fields, { nick: 'a', other: 'x' }, 'create')).toEqual({
      nick: 'a',
      city: null,
      plan: 'free',
      since: 2026,
    })
    expect(parseFields(fields, { nick: 'a', city: 'Rome', plan: 'pro', since: 1 }, 'create')).toEqual({
      nick: 'a',
      city: 'Rome',
      plan: 'pro',
      since: 1,
    })
  })

  it('must be there at creation when they are required and have no default', () => {
    expect(() => parseFields(fields, {}, 'create')).toThrow(refused('MISSING_FIELD', 'nick is required'))
    expect(parseFields(fields, {}, 'update')).toEqual({})
    expect(parseFields(fields, {}, 'defaults')).toEqual({ city: null, plan: 'free', since: 2026 })
  })

  it('are the only ones that change at an update', () => {
    expect(parseFields(fields, { city: 'Oslo' }, 'update')).toEqual({ city: 'Oslo' })
    expect(parseFields(fields, { city: null }, 'update')).toEqual({ city: null })
    expect(parseFields(fields, { other: 1 }, 'update')).toEqual({})
  })

  it('make a default of their own for every row', () => {
    let made = 0
    const counted: Fields = { n: { type: 'number', defaultValue: () => ++made } }
    expect([parseFields(counted, {}, 'create'), parseFields(counted, {}, 'create')]).toEqual([{ n: 1 }, { n: 2 }])
  })
})

describe('fields that a client may not set', () => {
  const fields: Fields = {
    role: { type: 'string', required: false },
    rank: { type: 'number', defaultValue: 1 },
    secret: { type: 'string', input: false, returned: false, required: false },
  }

  it.each(['create', 'update'] as const)('are refused at %s', action => {
    expect(() => parseFields(fields, { role: 'admin' }, action)).toThrow(
      refused('FIELD_NOT_ALLOWED', 'role is not allowed to be set'),
    )
    expect(() => parseFields(fields, { secret: 'x' }, action)).toThrow(refused('FIELD_NOT_ALLOWED'))
  })

  it('never get the value that was sent, refused or not', () => {
    for (const value of ['', 0, false, null, undefined]) {
      expect(parseFields(fields, { role: value, rank: value }, 'create')).toEqual({ role: null, rank: 1, secret: null })
      expect(parseFields(fields, { role: value, rank: value }, 'update')).toEqual({})
    }
    expect(parseFields(fields, { rank: 99 }, 'create').rank).toBe(1)
  })

  it('are not found on the prototype either', () => {
    const fields: Fields = Object.fromEntries([
      ['constructor', { type: 'string', input: true, required: false } as const],
    ])
    expect(parseFields(fields, {}, 'update')).toEqual({})
  })
})

describe('the checks of a field', () => {
  it('are a longest length', () => {
    const fields: Fields = {
      short: { type: 'string', input: true, maxLength: 3 },
      key: { type: 'string', input: true, unique: true },
    }
    expect(parseFields(fields, { short: 'abc' }, 'update')).toEqual({ short: 'abc' })
    expect(() => parseFields(fields, { short: 'abcd' }, 'update')).toThrow(refused('VALIDATION_ERROR'))
    expect(() => parseFields(fields, { key: 'x'.repeat(256) }, 'update')).toThrow(refused('VALIDATION_ERROR'))
  })

  it('are what the application adds, which may change the value', () => {
    const input = z.string().trim().min(2, 'too short')
    const fields: Fields = { nick: { type: 'string', input: true, validator: { input } } }
    expect(parseFields(fields, { nick: '  ab  ' }, 'update')).toEqual({ nick: 'ab' })
    expect(() => parseFields(fields, { nick: ' a ' }, 'update')).toThrow(refused('VALIDATION_ERROR', 'too short'))
  })

  it('cannot be asynchronous, which is an error of the application', () => {
    const input = z.string().refine(async () => true)
    const fields: Fields = { nick: { type: 'string', input: true, validator: { input } } }
    expect(() => parseFields(fields, { nick: 'ab' }, 'update')).toThrow(/synchronous|[Pp]romise/)
  })
})
