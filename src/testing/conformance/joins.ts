import assert from 'node:assert/strict'
import type { Adapter, FindMany } from '../../adapters/contract.ts'
import type { ConformanceCase, OpenAdapter } from './case.ts'
import { insertItems, sessionRow, userRow } from './rows.ts'

/** u1 has two sessions, u2 one, u3 none; of the items one is owned by u1, and one by nobody. */
async function filled(open: OpenAdapter): Promise<Adapter> {
  const adapter = await open()
  for (const id of ['u1', 'u2', 'u3']) await adapter.create({ model: 'user', data: userRow(id) })
  for (const [id, userId] of Object.entries({ s1: 'u1', s2: 'u2', s3: 'u1' })) {
    await adapter.create({ model: 'session', data: sessionRow(id, userId) })
  }
  await insertItems(adapter, [{ ownerId: 'u1' }, { ownerId: null }])
  return adapter
}

type Join = Partial<FindMany> & { model: string; join: string }
type Joined = readonly [id: string, joined: string | readonly string[]]

/** A case on these rows: the ids that a join gives, each with the id or the ids of what is joined to it. */
function joins(title: string, queries: readonly (readonly [query: Join, ids: readonly Joined[]])[]): ConformanceCase {
  return {
    title,
    run: async open => {
      const adapter = await filled(open)
      const actual: [Join, Joined[]][] = []
      for (const [query] of queries) {
        const rows = await adapter.findMany({ where: [], sortBy: ascending, ...query })
        actual.push([query, rows.map(row => [String(row.id), idsOf(row[query.join])])])
      }
      assert.deepEqual(actual, queries)
    },
  }
}

function idsOf(joined: unknown): string | string[] {
  const rows = joined as { id: string } | { id: string }[]
  return Array.isArray(rows) ? rows.map(({ id }) => id).sort() : rows.id
}

const ascending = { field: 'id', direction: 'asc' as const }
const descending = { field: 'id', direction: 'desc' as const }
const sessions = { model: 'session', join: 'user' }
const users = { model: 'user', join: 'session' }
const is = (id: string) => [{ field: 'id', value: id }]

/** Joins both ways. What is compared, sorted, limited, skipped and selected is always the model that is asked for. */
export const joinCases: readonly ConformanceCase[] = [
  joins('joins to each row the one that its foreign key names', [
    [
      sessions,
      [
        ['s1', 'u1'],
        ['s2', 'u2'],
        ['s3', 'u1'],
      ],
    ],
  ]),
  joins('leaves out rows that a join finds nothing for, before it limits and skips', [
    [{ model: 'item', join: 'user' }, [['item 0', 'u1']]],
    [{ model: 'item', join: 'user', sortBy: descending, limit: 1 }, [['item 0', 'u1']]],
    [{ model: 'item', join: 'user', offset: 1 }, []],
    [{ model: 'item', join: 'user', where: is('item 1') }, []],
  ]),
  joins('joins to each row the list of those whose foreign key names it', [
    [
      users,
      [
        ['u1', ['s1', 's3']],
        ['u2', ['s2']],
        ['u3', []],
      ],
    ],
    [
      { model: 'user', join: 'item' },
      [
        ['u1', ['item 0']],
        ['u2', []],
        ['u3', []],
      ],
    ],
  ]),
  joins('sorts joined rows by the model that is asked for', [
    [
      { ...sessions, sortBy: descending },
      [
        ['s3', 'u1'],
        ['s2', 'u2'],
        ['s1', 'u1'],
      ],
    ],
    [
      { ...users, sortBy: { field: 'email', direction: 'desc' } },
      [
        ['u3', []],
        ['u2', ['s2']],
        ['u1', ['s1', 's3']],
      ],
    ],
  ]),
  joins('limits and skips by the rows that are asked for, not by joined ones', [
    [{ ...sessions, sortBy: descending, limit: 1, offset: 1 }, [['s2', 'u2']]],
    [{ ...users, sortBy: descending, limit: 1, offset: 2 }, [['u1', ['s1', 's3']]]],
    [
      { ...users, limit: 2 },
      [
        ['u1', ['s1', 's3']],
        ['u2', ['s2']],
      ],
    ],
  ]),
  joins('compares with fields of the rows that are asked for', [
    [{ ...sessions, where: is('s2') }, [['s2', 'u2']]],
    [{ ...sessions, where: is('u2') }, []],
    [{ ...users, where: [{ field: 'email', value: 'u2@example.com' }] }, [['u2', ['s2']]]],
    [
      {
        ...sessions,
        where: [
          { field: 'token', value: 'token', operator: 'starts_with' },
          { field: 'userId', value: 'u1' },
        ],
      },
      [
        ['s1', 'u1'],
        ['s3', 'u1'],
      ],
    ],
  ]),
  joins('compares in groups with fields of the rows that are asked for', [
    [
      { ...sessions, where: ['s1', 's2', 'u1'].map(value => ({ field: 'id', value, connector: 'OR' })) },
      [
        ['s1', 'u1'],
        ['s2', 'u2'],
      ],
    ],
    [
      { ...users, where: [{ field: 'id', value: ['u2', 'u3', 's1'], operator: 'in' }] },
      [
        ['u2', ['s2']],
        ['u3', []],
      ],
    ],
  ]),
  {
    title: 'keeps columns of the same name apart in a join',
    run: async open => {
      const adapter = await filled(open)
      const found = await adapter.findOne({ ...sessions, where: is('s2') })
      assert.deepEqual({ ...found }, { ...sessionRow('s2', 'u2'), user: userRow('u2') })
    },
  },
  {
    title: 'gives joined lists of whole rows',
    run: async open => {
      const adapter = await filled(open)
      const found = await adapter.findOne({ ...users, where: is('u2') })
      assert.deepEqual({ ...found }, { ...userRow('u2'), session: [sessionRow('s2', 'u2')] })
      assert.deepEqual({ ...(await adapter.findOne({ ...users, where: is('u3') })) }, { ...userRow('u3'), session: [] })
    },
  },
  {
    title: 'keeps the joined rows whole when fields are selected',
    run: async open => {
      const adapter = await filled(open)
      const list = await adapter.findOne({ ...users, where: is('u2'), select: ['id', 'email'] })
      assert.deepEqual({ ...list }, { id: 'u2', email: 'u2@example.com', session: [sessionRow('s2', 'u2')] })
      const one = await adapter.findOne({ ...sessions, where: is('s2'), select: ['id'] })
      assert.deepEqual({ ...one }, { id: 's2', user: userRow('u2') })
    },
  },
  {
    title: 'finds nothing as null when the row or the joined one is missing',
    run: async open => {
      const adapter = await filled(open)
      assert.equal(await adapter.findOne({ ...sessions, where: is('none') }), null)
      assert.equal(await adapter.findOne({ ...users, where: is('none') }), null)
      assert.equal(await adapter.findOne({ model: 'item', join: 'user', where: is('item 1') }), null)
    },
  },
]
