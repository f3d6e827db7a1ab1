import { createRequire } from 'node:module'

export type PostgresClient = { query(sql: string): Promise<{ rows: Record<string, unknown>[] }> }

type PgPackage = {
  Client: new (options: {
    connectionString: string
  }) => PostgresClient & { connect(): Promise<void>; end(): Promise<void> }
}

/** Runs `work` on one connection, closed afterwards. */
export async function withPostgresClient<T>(url: string, work: (client: PostgresClient) => Promise<T>): Promise<T> {
  const { Client } = loadPg()
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The `pg` that MikroORM's driver brings; we do not depend on it ourselves. */
function loadPg(): PgPackage {
  const driver = createRequire(import.meta.url).resolve('@mikro-orm/postgresql')
  return createRequire(driver)('pg') as PgPackage
}
