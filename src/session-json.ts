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

/** A copy of its own, in which dates are dates again: JSON has none, and the fields say which texts were. */
function withDates(row: Row, fields: Fields): Row {
  const revived = { ...row }
  for (const [name, { type }] of Object.entries(fields)) {
    const value = revived[name]
    if (type === 'date' && typeof value === 'string') revived[name] = new Date(value)
    else if (typeof value === 'object' && value !== null) revived[name] = structuredClone(value)
  }
  return revived
}
