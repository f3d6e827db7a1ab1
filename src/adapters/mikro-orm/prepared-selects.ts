import { createHash } from 'node:crypto'

/** What is needed here of node-postgres' pool and the clients that it makes. */
interface Pool {
  Client: new (...options: unknown[]) => { query(config: unknown, ...rest: unknown[]): unknown }
}

/** The server keeps what is prepared as long as the connection lives, so there is an end to it. */
const MOST = 200

/**
 * Has the connections of a pool prepare each `select` under a name, so that PostgreSQL parses and plans it once for each
 * connection: of a short query that is the greater part. Other statements are left alone: ours return all columns, and
 * PostgreSQL refuses what it has prepared once a migration adds one.
 */
export function prepareSelects(pool: Pool): void {
  const names = new Map<string, string>()
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text)
    if (known || names.size >= MOST || !text.startsWith('select ')) return known
    // By the text: processes that share connections through a pooler mean the same statement by the same name.
    const name = `kernia_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    names.set(text, name)
    return name
  }
  pool.Client = class extends pool.Client {
    override query(config: unknown, ...rest: unknown[]): unknown {
      const [values, ...callback] = rest
      const name = typeof config === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(config) : undefined
      return name ? super.query({ name, text: config, values }, ...callback) : super.query(config, ...rest)
    }
  }
}
