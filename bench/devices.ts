import { createHmac, randomBytes } from 'node:crypto'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import pg from 'pg'
import { secret } from './servers/serve.ts'

const TOKEN = /(?<=session_token=)[^;]+/

/**
 * Signs the person of a cookie in on further devices, by copies of the session's row, which is the same in every server.
 * Requests of one session alone would be a load that nobody has.
 * @returns the cookies of all devices, the given one first
 */
export async function signInElsewhere(url: string, cookie: string, devices: number): Promise<string[]> {
  const signed = decodeURIComponent(TOKEN.exec(cookie)?.[0] ?? '')
  const token = signed.slice(0, signed.lastIndexOf('.'))
  const others = Array.from({ length: devices - 1 }, () => randomBytes(16).toString('hex'))
  await copySession(url, token, others)
  return [cookie, ...others.map(other => cookie.replace(TOKEN, encodeURIComponent(sign(other))))]
}

function sign(token: string): string {
  return `${token}.${createHmac('sha256', secret).update(token).digest('base64')}`
}

const FIND = 'select * from "session" where token = $1'

function insert(row: object): string {
  const columns = Object.keys(row)
  const names = columns.map(name => `"${name}"`)
  return `insert into "session" (${names}) values (${columns.map((_, index) => `$${index + 1}`)})`
}

/** As SQLite counts what is bound. */
const numbered = (sql: string) => sql.replaceAll('$', '?')

async function copySession(url: string, token: string, tokens: readonly string[]): Promise<void> {
  const copyOf = (row: object, other: string) => ({ ...row, id: `device-${other}`, token: other })
  if (url.startsWith('sqlite:')) {
    const file = new DatabaseSync(url.slice('sqlite:'.length))
    const row = file.prepare(numbered(FIND)).get(token) as Record<string, SQLInputValue>
    const statement = file.prepare(numbered(insert(row)))
    for (const other of tokens) statement.run(...(Object.values(copyOf(row, other)) as SQLInputValue[]))
    return file.close()
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const [row] = (await client.query(FIND, [token])).rows
  for (const other of tokens) await client.query(insert(row), Object.values(copyOf(row, other)))
  return client.end()
}
