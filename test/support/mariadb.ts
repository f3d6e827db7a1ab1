import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { skipWithout } from './skip-without.ts'
import { dataDirectory, freePort, removing, startGuarded, unprivilegedAccount } from './throw-away-server.ts'

export type TestMariaDb = {
  /** Creates an empty database and resolves to its `mariadb://` address. */
  createDatabase(): Promise<string>
  stop(): Promise<void>
}

const programs = ['/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd', '/opt/homebrew/bin/mariadbd']
const installers = ['/usr/bin/mariadb-install-db', '/usr/local/bin/mariadb-install-db']

/** For `describe.skipIf`: true where there is no MariaDB or MySQL, an error under CI. */
export function skipWithoutMariaDb(): boolean {
  const isThere = Boolean(process.env.TEST_MYSQL_URL) || (programs.some(existsSync) && installers.some(existsSync))
  return skipWithout('MariaDB', isThere, 'install its server or set TEST_MYSQL_URL.')
}

/** The server of TEST_MYSQL_URL, else a new MariaDB of our own: empty, on 127.0.0.1, gone with this process. */
export async function startMariaDb(): Promise<TestMariaDb> {
  const given = process.env.TEST_MYSQL_URL
  const server = given ? { url: given, stop: async () => undefined } : await startOwn()
  const created: string[] = []
  return {
    async createDatabase() {
      const name = `test_${randomUUID().replaceAll('-', '')}`
      await runSql(server.url, `CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
      created.push(name)
      const address = new URL(server.url)
      address.pathname = `/${name}`
      return address.href
    },
    async stop() {
      if (given) for (const name of created.splice(0)) await runSql(server.url, `DROP DATABASE \`${name}\``)
      await server.stop()
    },
  }
}

async function startOwn(): Promise<{ url: string; stop(): Promise<void> }> {
  const program = programs.find(existsSync)
  const installer = installers.find(existsSync)
  if (!program || !installer) throw new Error('No MariaDB on this machine: install its server or set TEST_MYSQL_URL')
  const account = unprivilegedAccount(['mysql', 'nobody'])
  const directory = await dataDirectory('kernia-mariadb-')
  if (account.uid !== undefined && account.gid !== undefined) await chown(directory, account.uid, account.gid)
  return removing(directory, async () => {
    const common = ['--no-defaults', `--datadir=${directory}`]
    const install = [...common, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve']
    await promisify(execFile)(installer, install, { cwd: directory, ...account })
    const port = await freePort()
    const options = [
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${directory}/server.sock`,
      `--tmpdir=${directory}`,
      `--pid-file=${directory}/server.pid`,
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=64M',
      '--skip-name-resolve',
      '--max-connections=200',
      // Not UTC: dates must come back as they went in, wherever the server thinks it is.
      '--default-time-zone=+05:30',
    ]
    const server = await startGuarded({
      name: 'MariaDB',
      command: [program, ...common, ...options],
      directory,
      account,
      ready: /ready for connections/,
      failed: /Aborting/,
      signal: 'KILL',
    })
    return { url: `mariadb://root@127.0.0.1:${port}/`, stop: server.stop }
  })
}

type Connection = { query(sql: string): Promise<unknown>; end(): Promise<void> }

async function runSql(url: string, sql: string): Promise<void> {
  // The client that MikroORM's driver brings; we do not depend on it ourselves.
  const driver = createRequire(import.meta.url).resolve('@mikro-orm/mysql')
  const mysql = createRequire(driver)('mysql2/promise') as {
    createConnection(options: { uri: string }): Promise<Connection>
  }
  const connection = await mysql.createConnection({ uri: url.replace(/^mariadb:/, 'mysql:') })
  try {
    await connection.query(sql)
  } finally {
    await connection.end()
  }
}
