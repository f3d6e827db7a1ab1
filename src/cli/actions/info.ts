import { createRequire } from 'node:module'
import { columnOf } from '../../../entities/index.ts'
import { restRoutes } from '../../meta.ts'
import { contributionsOf } from '../../migrations/contributions.ts'
import { VERSION } from '../../version.ts'
import { databaseAddress } from '../database.ts'
import type { LoadedAuth } from '../load-app.ts'
import { print } from '../output.ts'
import { findProblems, type Problem } from './problems.ts'

/** What `kernia info` is asked for. */
export interface InfoOptions {
  app: string
  dir?: string
  json?: boolean
  strict?: boolean
}

interface Info {
  versions: Record<string, string>
  baseURL: string
  basePath: string
  production: boolean
  adapter: { id: string; database?: string }
  plugins: string[]
  schema: { contributor: string; tables: { model: string; table: string; fields: Record<string, string> }[] }[]
  routes: { method: string; path: string; operationId: string; access: string }[]
  problems: Problem[]
}

/** Prints what an instance resolves to, and what is wrong with it. No secret or password is printed. */
export async function info(auth: LoadedAuth, { dir, json, strict }: InfoOptions): Promise<void> {
  const gathered = await gather(auth, dir)
  print(json ? gathered : asText(gathered))
  if (strict && gathered.problems.length > 0) process.exitCode = 1
}

async function gather(auth: LoadedAuth, dir?: string): Promise<Info> {
  const { options, plugins, schema, adapter, procedures } = auth.context
  const database = await databaseAddress(auth)
  const routes = [...procedures.values()].flatMap(({ meta }) =>
    restRoutes(meta).map(({ method, path, operationId }) => ({ method, path, operationId, access: meta.access })),
  )
  return {
    versions: versions(),
    baseURL: options.baseURL,
    basePath: options.basePath,
    production: options.isProduction,
    adapter: { id: adapter.id, ...(database && { database }) },
    plugins: plugins.map(({ id }) => id),
    schema: contributionsOf({ schema, plugins, options: { ...options } }).map(({ source, models }) => ({
      contributor: source,
      tables: Object.entries(models).map(([model, fields]) => ({
        model,
        table: schema[model]?.modelName ?? model,
        fields: Object.fromEntries(
          fields.map(name => [name, columnOf(name, schema[model]?.fields[name] ?? { type: 'string' })]),
        ),
      })),
    })),
    routes: routes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    problems: await findProblems(auth, dir),
  }
}

/** Versions of what decides how an instance behaves; packages that are not installed are left out. */
function versions(): Record<string, string> {
  const require = createRequire(import.meta.url)
  const versionOf = (name: string): [string, string][] => {
    try {
      return [[name, (require(`${name}/package.json`) as { version: string }).version]]
    } catch {
      return []
    }
  }
  const packages = ['@mikro-orm/core', '@mikro-orm/migrations', '@trpc/server', 'zod', 'express'].flatMap(versionOf)
  return { kernia: VERSION, node: process.versions.node, ...Object.fromEntries(packages) }
}

function asText({ versions, baseURL, basePath, adapter, plugins, schema, routes, problems }: Info): string {
  const contributions = schema.flatMap(({ contributor, tables }) => [
    `  ${contributor}`,
    ...tables.map(({ table, fields }) => `    ${table}: ${Object.values(fields).join(', ')}`),
  ])
  const width = Math.max(0, ...routes.map(({ path }) => path.length))
  return [
    `Versions   ${Object.entries(versions)
      .map(entry => entry.join(' '))
      .join(', ')}`,
    `Base URL   ${baseURL}`,
    `Base path  ${basePath}`,
    `Adapter    ${adapter.id}${adapter.database ? ` (${adapter.database})` : ''}`,
    `Plugins    ${plugins.join(', ')}`,
    '',
    'Schema',
    ...contributions,
    '',
    'Routes',
    ...routes.map(({ method, path, access }) => `  ${method.padEnd(4)} ${path.padEnd(width)}  ${access}`),
    '',
    problems.length > 0 ? 'Problems' : 'Problems   none',
    ...problems.map(({ code, message }) => `  ${code}: ${message}`),
  ].join('\n')
}
