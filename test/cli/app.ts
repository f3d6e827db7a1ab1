import { existsSync, readdirSync } from 'node:fs'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '../adapters/conformance.ts'
import { type Ran, runCli } from './run-cli.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const secret = 'Vf3kq9ZpXw7LrT2mBn8sYc4dHj6gKa1eUo5i'

/** An application in a folder of its own, and `kernia` run there. */
export interface App {
  folder: string
  url: string
  run(...args: string[]): Promise<Ran>
  runWith(env: Record<string, string>, ...args: string[]): Promise<Ran>
  write(options: string): Promise<void>
  migrations(): string[]
}

/** An application whose auth module imports the sources; `options` is what `init` is given beside the database. */
export async function createApp({ url, options = '' }: { url?: string; options?: string } = {}): Promise<App> {
  const folder = await temporaryDirectory()
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const address = url ?? 'sqlite:app.db'
  const write = (given: string) =>
    writeFile(
      join(folder, 'auth.ts'),
      `import { definePlugin, emailAndPassword, init, memoryAdapter, mikroOrmAdapter } from '${root}src/index.ts'
const twoFactor = definePlugin({ id: 'two-factor', schema: {
  user: { fields: { twoFactorEnabled: { type: 'boolean', defaultValue: false } } },
  twoFactor: { fields: { secret: { type: 'string' }, userId: { type: 'string', references: { model: 'user', field: 'id' } } } },
} })
const loyalty = definePlugin({ id: 'loyalty', schema: { user: { fields: { tier: { type: 'string' } } } } })
const [database, plugins] = [mikroOrmAdapter({ url: '${address}' }), [emailAndPassword()]]
process.stderr.write(process.env.COUNT_IMPORTS ? 'imported\\n' : '')
export const auth = init({ secret: '${secret}', database, plugins, ${given} })
export default auth
`,
    )
  await write(options)
  const runWith = (env: Record<string, string>, ...args: string[]) => runCli(args, { cwd: folder, env })
  const migrations = () => (existsSync(join(folder, 'migrations')) ? readdirSync(join(folder, 'migrations')) : [])
  return { folder, url: address, run: (...args) => runWith({}, ...args), runWith, write, migrations }
}

/** The option that names it. */
export const app = ['--app', 'auth.ts']
/** Options of an application that has got a plugin and a field. */
export const withTwoFactor =
  'plugins: [...plugins, twoFactor], user: { additionalFields: { locale: { type: "string", required: false } } }'
