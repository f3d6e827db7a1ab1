import type { Fields, Schema, Session, User } from '../entities/index.ts'
import type { Row } from './adapters/contract.ts'
import type { StoredSession } from './session-store.ts'

/** Session and user out of JSON that we wrote ourselves, with their dates again. */
export function reviveSession({ session, user }: { session: Row; user: Row }, schema: Schema): StoredSession {
  return {
    session: withDates(session, schema.session?.fields ?? {}) as unknown as Session,
    user: withDates(user, schema.user?.fields ?? {}) as unknown as User,
  }
}

/** JSON has no dates; the fields say which texts are. */
function withDates(row: Row, fields: Fields): Row {
  const entries = Object.entries(row).map(([name, value]) => {
    const isDate = fields[name]?.type === 'date' && typeof value === 'string'
    return [name, isDate ? new Date(value) : value]
  })
  return Object.fromEntries(entries)
}
