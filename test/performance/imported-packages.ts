// Prints the packages that are loaded by importing Kernia with some plugins, and by its first use of a database.

import { registerHooks } from 'node:module'

const packages = new Set<string>()
registerHooks({
  load: (url, context, nextLoad) => {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
    if (name) packages.add(name)
    return nextLoad(url, context)
  },
})

const { init, mikroOrmAdapter } = await import('../../src/index.ts')
const { admin } = await import('../../routers/admin/index.ts')
const { organization } = await import('../../routers/organization/index.ts')
const { twoFactor } = await import('../../routers/two-factor/index.ts')
const { username } = await import('../../routers/username/index.ts')
const auth = init({
  baseURL: 'http://localhost:3000',
  secret: 'a secret of the test that is long enough to be one',
  database: mikroOrmAdapter({ url: 'sqlite::memory:' }),
  plugins: [username(), twoFactor(), organization(), admin()],
})
const imported = [...packages]
await auth.createSchema()
process.stdout.write(JSON.stringify({ imported, connected: [...packages] }))
await auth.close()
