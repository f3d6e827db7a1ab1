import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

/** Users with a session each. */
function fillStatements(isSqlite: boolean): string[] {
  const numbers = isSqlite
    ? 'with recursive n(i) as (select 1 union all select i + 1 from n where i < $1)'
    : 'with n as (select generate_series(1, $1::int) as i)'
  const now = isSqlite ? Date.now() : 'now()'
  const later = isSqlite ? Date.now() + 7 * 86_400_000 : `now() + interval '7 days'`
  const token = isSqlite ? 'hex(randomblob(16))' : 'md5(random()::text || n.i)'
  const yes = isSqlite ? 1 : 'true'
  return [
    `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") ${numbers}
     select 'user-' || i, 'User ' || i, 'user-' || i || '@example.com', ${yes}, ${now}, ${now} from n`,
    `insert into "session" (id, "userId", token, "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent") ${numbers}
     select 'session-' || i, 'user-' || i, ${token}, ${later}, ${now}, ${now}, '', '' from n`,
  ]
}

/** Fills a database whose tables exist with so many users and sessions. */
export async function fill(url: string, users: number): Promise<void> {
  if (url.startsWith('sqlite:')) {
    const file = new DatabaseSync(url.slice('sqlite:'.length))
    for (const statement of fillStatements(true)) file.prepare(statement.replace('$1', '?')).run(users)
    file.exec('analyze')
    return file.close()
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of fillStatements(false)) await client.query(statement, [users])
  await client.query('analyze')
  return client.end()
}

/** A user that is there, and the token of its session. */
export interface Sample {
  token: string
  email: string
}

/** Some of the users that are there, from all over the table; `user-1` is the first of them. */
export async function sampleOf(url: string): Promise<Sample[]> {
  const count = `select count(*) as rows from "session" where id like 'session-%'`
  const rowsOf = (users: number) => {
    const ids = Array.from({ length: 500 }, (_, index) => `'session-${1 + ((index * 7919) % users)}'`)
    return `select s.token, u.email from "session" s join "user" u on u.id = s."userId"
      where s.id in (${ids.join()}) order by s.id = 'session-1' desc`
  }
  if (url.startsWith('sqlite:')) {
    const file = new DatabaseSync(url.slice('sqlite:'.length))
    const rows = file.prepare(rowsOf(Number(file.prepare(count).get()?.rows))).all()
    file.close()
    return rows as unknown as Sample[]
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const counted = await client.query<{ rows: string }>(count)
  const { rows } = await client.query<Sample>(rowsOf(Number(counted.rows[0]?.rows)))
  await client.end()
  return rows
}
