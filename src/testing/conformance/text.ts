import assert from 'node:assert/strict'
import type { Operator } from '../../adapters/contract.ts'
import type { ConformanceCase } from './case.ts'
import { insertItems } from './rows.ts'

type Search = readonly [operator: Operator, value: string | readonly string[], found: readonly string[]]

/** A case on items with these notes, and the notes that each search finds. */
function searches(title: string, notes: readonly string[], all: readonly Search[]): ConformanceCase {
  return {
    title,
    run: async open => {
      const adapter = await open()
      const rows = notes.map(note => ({ note }))
      await insertItems(adapter, rows)
      const actual: Search[] = []
      for (const [operator, value] of all) {
        const where = [{ field: 'note', value, operator }]
        const found = await adapter.findMany({ model: 'item', where, sortBy: { field: 'id', direction: 'asc' } })
        actual.push([operator, value, found.map(({ note }) => String(note))])
      }
      assert.deepEqual(actual, all)
    },
  }
}

const LONG = 'x'.repeat(65_535)

/** Text is compared as it is: no character stands for others, ends a literal or counts as another one. */
export const textCases: readonly ConformanceCase[] = [
  searches(
    'takes % for itself',
    ['100%', '100 per cent', '%'],
    [
      ['contains', '%', ['100%', '%']],
      ['starts_with', '%', ['%']],
      ['ends_with', '0%', ['100%']],
      ['ilike_eq', '100%', ['100%']],
      ['eq', '%', ['%']],
      ['in', ['%'], ['%']],
    ],
  ),
  searches(
    'takes _ for itself',
    ['a_b', 'axb', '_'],
    [
      ['contains', '_', ['a_b', '_']],
      ['starts_with', 'a_', ['a_b']],
      ['ends_with', '_b', ['a_b']],
      ['ilike_eq', 'A_B', ['a_b']],
      ['eq', '_', ['_']],
    ],
  ),
  searches(
    'takes a backslash for itself',
    ['back\\slash', 'back/slash', '\\', 'C:\\%'],
    [
      ['contains', '\\', ['back\\slash', '\\', 'C:\\%']],
      ['contains', '\\%', ['C:\\%']],
      ['starts_with', 'back\\', ['back\\slash']],
      ['ends_with', '\\slash', ['back\\slash']],
      ['ilike_eq', 'BACK\\SLASH', ['back\\slash']],
      ['eq', '\\', ['\\']],
      ['not_in', ['\\'], ['back\\slash', 'back/slash', 'C:\\%']],
    ],
  ),
  searches(
    'takes a single quote for itself',
    ["it's", 'its', "'", "' or 1=1 --"],
    [
      ['contains', "'", ["it's", "'", "' or 1=1 --"]],
      ['starts_with', "it'", ["it's"]],
      ['ends_with', "'s", ["it's"]],
      ['ilike_eq', "IT'S", ["it's"]],
      ['eq', "' or 1=1 --", ["' or 1=1 --"]],
      ['eq', "' or '1'='1", []],
      ['in', ["it's", "') or (1=1"], ["it's"]],
    ],
  ),
  searches(
    'takes a double quote for itself',
    ['say "hi"', 'say hi', '"'],
    [
      ['contains', '"hi"', ['say "hi"']],
      ['starts_with', '"', ['"']],
      ['ends_with', '"', ['say "hi"', '"']],
      ['ilike_eq', 'SAY "HI"', ['say "hi"']],
      ['eq', '"', ['"']],
    ],
  ),
  searches(
    'takes characters of regular expressions for themselves',
    ['a.b*c', 'aXbbc', '(a|b)', '[a-z]+', '^a$'],
    [
      ['contains', '.b*', ['a.b*c']],
      ['contains', 'a|b', ['(a|b)']],
      ['starts_with', '[a-z]', ['[a-z]+']],
      ['starts_with', '^a', ['^a$']],
      ['ends_with', 'a$', ['^a$']],
      ['ilike_eq', 'A.B*C', ['a.b*c']],
      ['eq', '.*', []],
    ],
  ),
  searches(
    'takes commas, braces and dollars in lists for themselves',
    ['a,b', 'a', '{a}', '$ne', '$1', '?'],
    [
      ['in', ['a,b'], ['a,b']],
      ['in', ['{a}', '$ne', '?'], ['{a}', '$ne', '?']],
      ['not_in', ['a,b', '$1', '?'], ['a', '{a}', '$ne']],
      ['contains', '$', ['$ne', '$1']],
    ],
  ),
  searches(
    'takes line ends and tabs for themselves',
    ['one\ntwo', 'one\r\ntwo', 'one\ttwo', 'one two'],
    [
      ['eq', 'one\ntwo', ['one\ntwo']],
      ['contains', '\n', ['one\ntwo', 'one\r\ntwo']],
      ['contains', '\t', ['one\ttwo']],
      ['starts_with', 'one\r', ['one\r\ntwo']],
      ['ends_with', '\ntwo', ['one\ntwo', 'one\r\ntwo']],
      ['ilike_eq', 'ONE\nTWO', ['one\ntwo']],
    ],
  ),
  searches(
    'tells text apart by a space before it',
    ['a', ' a'],
    [
      ['eq', 'a', ['a']],
      ['ne', 'a', [' a']],
      ['in', [' a'], [' a']],
      ['ilike_eq', ' A', [' a']],
      ['starts_with', ' ', [' a']],
      ['ends_with', 'a', ['a', ' a']],
    ],
  ),
  searches(
    'tells text apart by a space after it',
    ['a', 'a ', ''],
    [
      ['eq', 'a', ['a']],
      ['eq', 'a ', ['a ']],
      ['eq', ' ', []],
      ['ne', 'a', ['a ', '']],
      ['in', ['a '], ['a ']],
      ['ilike_eq', 'A ', ['a ']],
      ['starts_with', 'a ', ['a ']],
      ['starts_with', ' ', []],
      ['ends_with', ' ', ['a ']],
    ],
  ),
  searches(
    'tells letters apart by their accents, composed or not',
    ['e', '\u00e9', 'e\u0301', 'ss', 'ß'],
    [
      ['eq', 'e', ['e']],
      ['eq', '\u00e9', ['\u00e9']],
      ['eq', 'e\u0301', ['e\u0301']],
      ['in', ['ss'], ['ss']],
      ['ilike_eq', 'E', ['e']],
      ['contains', '\u00e9', ['\u00e9']],
    ],
  ),
  searches(
    'compares text beyond the BMP by characters',
    ['😀 é 漢字', 'x😀', '😁'],
    [
      ['starts_with', '😀 é', ['😀 é 漢字']],
      ['ends_with', '漢字', ['😀 é 漢字']],
      ['ends_with', '😀', ['x😀']],
      ['contains', '😀', ['😀 é 漢字', 'x😀']],
      ['eq', '😀', []],
      ['eq', '😁', ['😁']],
      ['in', ['x😀', '😀'], ['x😀']],
      ['ilike_eq', 'X😀', ['x😀']],
    ],
  ),
  searches(
    'compares 64 KiB of text to its last character',
    [`${LONG}a`, `${LONG}b`],
    [
      ['eq', `${LONG}a`, [`${LONG}a`]],
      ['ne', `${LONG}a`, [`${LONG}b`]],
      ['starts_with', LONG, [`${LONG}a`, `${LONG}b`]],
      ['starts_with', `${LONG}b`, [`${LONG}b`]],
      ['ends_with', 'xb', [`${LONG}b`]],
      ['contains', 'xxa', [`${LONG}a`]],
      ['in', [`${LONG}b`], [`${LONG}b`]],
    ],
  ),
]
