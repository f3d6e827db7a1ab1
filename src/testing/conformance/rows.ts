import type { Adapter, Row } from '../../adapters/contract.ts'

const time = new Date('2026-01-02T03:04:05.678Z')

/** A complete row of the model `user`. */
export function userRow(id: string): Row {
  const times = { createdAt: time, updatedAt: time }
  return { id, name: `user ${id}`, email: `${id}@example.com`, emailVerified: false, image: null, ...times }
}

/** A complete row of the model `session`. */
export function sessionRow(id: string, userId: string): Row {
  const times = { createdAt: time, updatedAt: time, expiresAt: new Date(time.getTime() + 1000) }
  return { id, userId, token: `token ${id}`, ipAddress: '', userAgent: '', ...times }
}

/** Inserts items that have these values, and a name and an id of their own: `name 0` and `item 0` are the first one's. */
export async function insertItems(adapter: Adapter, rows: readonly Row[]): Promise<void> {
  for (const [index, row] of rows.entries()) {
    await adapter.create({ model: 'item', data: { id: `item ${index}`, name: `name ${index}`, ...row } })
  }
}
