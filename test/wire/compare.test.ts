import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { judge, parseAccepted } from './accepted.ts'
import { compareRuns, compareStep, type Difference } from './compare.ts'
import { createNormaliser } from './normalise.ts'
import type { StepRecord } from './record.ts'

const record: StepRecord = {
  status: 401,
  headers: { 'content-type': 'application/json' },
  cookies: [
    { name: 'a', line: 'signed(x); Path=/; HttpOnly' },
    { name: 'b', line: '(empty); Max-Age=0' },
  ],
  body: { message: 'Invalid', code: 'INVALID', user: { id: '<id>', image: null } },
  mail: [],
}

function fieldsOf(change: Partial<StepRecord>): string[] {
  return compareStep('step', record, { ...record, ...change }).map(difference => difference.field)
}

describe('the comparer', () => {
  it('finds nothing between equal records', () => {
    expect(fieldsOf({})).toEqual([])
  })

  it.each<[string, Partial<StepRecord>, string[]]>([
    ['a status', { status: 400 }, ['status']],
    ['a header', { headers: {} }, ['header:content-type']],
    ['a body that is no JSON', { body: '(empty)' }, ['body']],
    ['a value', { body: { message: 'Invalid', code: 'OTHER', user: { id: '<id>', image: null } } }, ['body.code']],
    ['null left out', { body: { message: 'Invalid', code: 'INVALID', user: { id: '<id>' } } }, ['body.user.image']],
    [
      'an order of keys',
      { body: { code: 'INVALID', message: 'Invalid', user: { id: '<id>', image: null } } },
      ['body:order'],
    ],
    [
      'a cookie attribute',
      { cookies: [{ name: 'a', line: 'signed(x); Path=/' }, ...record.cookies.slice(1)] },
      ['cookies.a'],
    ],
    ['a missing cookie', { cookies: record.cookies.slice(0, 1) }, ['cookies.b']],
    ['a repeated cookie', { cookies: [{ name: 'a', line: '(empty)' }, ...record.cookies] }, ['cookies.a#2']],
    [
      'a cookie that is overwritten',
      { cookies: [...record.cookies, { name: 'a', line: '(empty)' }] },
      ['cookies.a', 'cookies.a#2', 'cookies:order'],
    ],
    ['an order of cookies', { cookies: [...record.cookies].reverse() }, ['cookies:order']],
    ['a mail', { mail: [{ kind: 'reset' }] }, ['mail.0']],
  ])('notices %s', (_, change, fields) => {
    expect(fieldsOf(change)).toEqual(fields)
  })

  it('notices a step that only one server got to', () => {
    const both = compareRuns(
      new Map([
        ['one', record],
        ['two', record],
      ]),
      new Map([['one', record]]),
    )
    expect(both).toEqual({ compared: ['one'], notRun: ['two'], differences: [] })
  })
})

describe('the normaliser', () => {
  const id = 'abcdefghijklmnopqrstuvwxyzABCDEF'

  it('names an id after the place it was first seen in', () => {
    const normaliser = createNormaliser('http://localhost:1234')
    normaliser.learn('sign-up', new Map([['body.id', id]]))
    normaliser.learn('later', new Map([['body.userId', id]]))
    expect(normaliser.value({ at: `http://localhost:1234/${id}` })).toEqual({
      at: '<origin>/<sign-up body.id alnum32>',
    })
  })

  it('keeps how far away a time is', () => {
    const normaliser = createNormaliser('http://localhost:1234')
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
    expect(normaliser.value([inAnHour, '1990-01-02T00:00:00.000Z'])).toEqual([
      '<now+60min>',
      '1990-01-02T00:00:00.000Z',
    ])
  })
})

describe('the table of accepted differences', () => {
  const table = [
    '| id | steps | field | official | ours | reason |',
    '|---|---|---|---|---|---|',
    '| not-found | `http.*`, other.step | body | `(empty)` | `*NOT_FOUND*` | says what is wrong |',
    '| status | http.a | status | 500 as an unhandled exception | `400` | prose is for the reader |',
  ].join('\n')
  const difference = (step: string, field: string, official: string, ours: string): Difference => ({
    step,
    field,
    official,
    ours,
  })
  const notFound = '{"message":"Not found","code":"NOT_FOUND"}'

  it('allows what its rows describe and nothing else', () => {
    const verdict = judge(
      [
        difference('http.a', 'body', '(empty)', notFound),
        difference('other.step', 'body', '(empty)', notFound),
        difference('http.a', 'status', '500', '400'),
        difference('http.a', 'body', '(empty)', '{"code":"OTHER"}'),
        difference('http.b', 'status', '500', '400'),
        difference('http.a', 'header:location', '/a', '/b'),
      ],
      parseAccepted(table),
    )
    expect(verdict.unlisted.map(({ step, field }) => `${step} ${field}`)).toEqual([
      'http.a body',
      'http.b status',
      'http.a header:location',
    ])
    expect(verdict.stale).toEqual([])
  })

  it('reports the parts of rows that match nothing any more', () => {
    const verdict = judge([difference('http.a', 'body', '(empty)', notFound)], parseAccepted(table))
    expect(verdict.stale).toEqual(['not-found: other.step', 'status: http.a'])
  })

  it('lets a row for a field cover what is inside it', () => {
    const rows = parseAccepted(
      table.replace('| body |', '| body.user |').replace('`(empty)`', 'any').replace('`*NOT_FOUND*`', 'any'),
    )
    const inside = ['body.user', 'body.user.id', 'body.user:order', 'body.username'].map(field =>
      difference('http.a', field, 'x', 'y'),
    )
    expect(judge(inside, rows).unlisted.map(({ field }) => field)).toEqual(['body.username'])
  })

  it('refuses a table it cannot read', () => {
    expect(() => parseAccepted('# no table')).toThrow('no table')
    expect(() => parseAccepted(`${table}\n| status | a | b | c | d | e |`)).toThrow('two rows')
    expect(() => parseAccepted(`${table}\n| new | a | b | c |  | e |`)).toThrow('cell')
  })

  it('is readable in docs/compatibility.md', async () => {
    const text = await readFile(new URL('../../docs/compatibility.md', import.meta.url), 'utf8')
    expect(parseAccepted(text).length).toBeGreaterThan(0)
  })
})
