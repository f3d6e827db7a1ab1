import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { print } from './output.ts'
import { packageManifest, packageVersions } from './package-manifest.ts'
import {
  ADAPTERS,
  type AdapterName,
  authModule,
  environment,
  FRAMEWORKS,
  type Framework,
  hasMigrations,
  serverModule,
} from './scaffold.ts'

interface InitOptions {
  adapter: AdapterName
  framework: Framework
  dir: string
  force?: boolean
  print?: boolean
}

interface ScaffoldFile {
  name: string
  text: string
  /** The application's own once it is there: never written over, not even with `--force`. */
  isKept?: boolean
}

/** `kernia init`: writes the files of an application that runs. */
export function initCommand(): Command {
  return new Command('init')
    .description('Writes an auth module, a server and the variables they need')
    .addOption(new Option('--adapter <name>', 'where data is stored').choices(ADAPTERS).default('sqlite'))
    .addOption(new Option('--framework <name>', 'what serves the routes').choices(FRAMEWORKS).default('express'))
    .option('--dir <folder>', 'where to write', '.')
    .option('--force', 'write over src/auth.ts, src/server.ts and .env.example')
    .option('--print', 'print the files and write none')
    .addHelpText(
      'after',
      `
Files that exist are not touched: without --force nothing is written if one would be. package.json, .env and
.gitignore are kept in any case.

Examples:
  kernia init
  kernia init --adapter postgres --framework trpc --dir my-app
  kernia init --print     for an application that exists: copy what you need`,
    )
    .action((options: InitOptions) => {
      const files = scaffold(options)
      if (options.print) print(files.map(({ name, text }) => `# ${name}\n\n${text}`).join('\n'))
      else print(write(files, options).concat('', nextSteps(options)).join('\n'))
    })
}

function scaffold({ adapter, framework, dir, print: isPrinted }: InitOptions): ScaffoldFile[] {
  // What is printed may be kept in a terminal's history.
  const secret = isPrinted ? '' : randomBytes(32).toString('base64url')
  const name =
    basename(resolve(dir))
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-') || 'app'
  return [
    { name: 'src/auth.ts', text: authModule(adapter) },
    { name: 'src/server.ts', text: serverModule(framework) },
    { name: '.env.example', text: environment(adapter, '') },
    { name: '.env', text: environment(adapter, secret), isKept: true },
    { name: '.gitignore', text: `node_modules/\n.env\n*.db\n*.db-shm\n*.db-wal\n`, isKept: true },
    { name: 'package.json', text: packageManifest({ name, adapter, framework }), isKept: true },
  ]
}

function write(files: ScaffoldFile[], { dir, force }: InitOptions): string[] {
  const pathOf = (name: string) => join(resolve(dir), name)
  const isThere = ({ name }: ScaffoldFile) => existsSync(pathOf(name))
  const refused = files.filter(file => isThere(file) && !file.isKept)
  if (refused.length > 0 && !force) {
    const names = refused.map(({ name }) => relative(process.cwd(), pathOf(name)))
    throw new Error(
      `${names.join(', ')} exist${names.length === 1 ? 's' : ''} already; use --force to write over, or --print`,
    )
  }
  return files.map(file => {
    const path = pathOf(file.name)
    if (file.isKept && isThere(file)) return `kept   ${relative(process.cwd(), path)}`
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, file.text, file.name === '.env' ? { mode: 0o600 } : {})
    return `wrote  ${relative(process.cwd(), path)}`
  })
}

function nextSteps({ adapter, framework, dir }: InitOptions): string {
  const folder = relative(process.cwd(), resolve(dir))
  const packages = Object.entries(packageVersions(adapter, framework)).map(([name, version]) =>
    /^\d/.test(version) ? `${name}@${version}` : name,
  )
  const prepare: Record<'tables' | 'indexes' | 'nothing', string[]> = {
    tables: ['npx kernia generate --app src/auth.ts', 'npx kernia migrate --app src/auth.ts'],
    indexes: ['npx kernia migrate --app src/auth.ts'],
    nothing: [],
  }
  const kind = hasMigrations(adapter) ? 'tables' : adapter === 'mongo' ? 'indexes' : 'nothing'
  const steps = [
    ...(folder ? [`cd ${folder}`] : []),
    'npm install',
    ...(['sqlite', 'memory'].includes(adapter) ? [] : ['put the address of your database into .env']),
    ...prepare[kind],
    'npm start',
  ]
  return [
    'Next steps:',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    '',
    `In a package.json of your own: "type": "module", and npm install kernia ${packages.join(' ')}`,
  ].join('\n')
}
