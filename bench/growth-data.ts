import { isSqlite, withDatabase } from './sql.ts'

/** Users with a session each. */
function fillStatements(url: string): string[] {
  const inSqlite = isSqlite(url)
  const numbers = inSqlite
    ? 'with recursive n(i) as (select 1 union all select i + 1 from n where i < $1)'
    : 'with n as (select generate_series(1, $1::int) as i)'
  const now = inSqlite ? Date.now() : 'now()'
  const later = inSqlite ? Date.now() + 7 * 86_400_000 : `now() + interval '7 days'`
  const token = inSqlite ? 'hex(randomblob(16))' : 'md5(random()::text || n.i)'
  const yes = inSqlite ? 1 : 'true'
  return [
    `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") ${numbers}
     select 'user-' || i, 'User ' || i, 'user-' || i || '@example.com', ${yes}, ${now}, ${now} from n`,
    `insert into "session" (id, "userId", token, "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent") ${numbers}
     select 'session-' || i, 'user-' || i, ${token}, ${later}, ${now}, ${now}, '', '' from n`,
  ]
}

/** Fills a database whose tables exist with so many users and sessions. */
export async function fill(url: string, users: number): Promise<void> {
  await withDatabase(url, async query => {
    for (const statement of fillStatements(url)) await query(statement, [users])
    await query('analyze')
  })
}

/** A user that is there, and the token of its session. */
export interface Sample {
  token: string
  email: string
}

/** Some of the users that are there, from all over the table; `user-1` is the first of them. */
export function sampleOf(url: string): Promise<Sample[]> {
  return withDatabase(url, async query => {
    const [counted] = await query(`select count(*) as rows from "session" where id like 'session-%'`)
    const users = Number(counted?.rows)
    const ids = Array.from({ length: 500 }, (_, index) => `'session-${1 + ((index * 7919) % users)}'`)
    const rows = await query(`select s.token, u.email from "session" s join "user" u on u.id = s."userId"
      where s.id in (${ids.join()}) order by s.id = 'session-1' desc`)
    return rows as unknown as Sample[]
  })
}
