import { randomBytes } from 'node:crypto'
import { signValue } from '../src/cookies.ts'
import { secret } from './servers/serve.ts'
import { withDatabase } from './sql.ts'

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
  return [cookie, ...others.map(other => cookie.replace(TOKEN, encodeURIComponent(signValue(other, secret))))]
}

async function copySession(url: string, token: string, tokens: readonly string[]): Promise<void> {
  await withDatabase(url, async query => {
    const [row = {}] = await query('select * from "session" where token = $1', [token])
    const columns = Object.keys(row)
    const names = columns.map(name => `"${name}"`)
    const insert = `insert into "session" (${names}) values (${columns.map((_, index) => `$${index + 1}`)})`
    for (const other of tokens) await query(insert, Object.values({ ...row, id: `device-${other}`, token: other }))
  })
}
