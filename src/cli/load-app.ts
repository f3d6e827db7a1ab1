import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OpenApiDocument } from '../../openapi/index.ts'
import type { AuthHandle } from '../auth-handle.ts'

/** What the commands use of an application's auth instance. */
export interface LoadedAuth extends AuthHandle {
  openApiDocument(): OpenApiDocument
  close(): Promise<void>
}

/** Help for the option that names the application; the same words for every command. */
export const APP_OPTION = ['--app <file[:export]>', 'the module that exports the auth instance'] as const

/**
 * Imports the auth instance of an application, once. The variables of a `.env` file in the current folder are set
 * before, unless they are set already.
 * @param app `FILE[:export]`; the export defaults to `auth`, then to the default export
 * @throws when the file is missing, cannot be imported or exports no auth instance
 */
async function loadApp(app: string): Promise<LoadedAuth> {
  const [, file = app, name] = /^(.+?)(?::([A-Za-z_$][\w$]*))?$/.exec(app) ?? []
  const path = resolve(file)
  if (!existsSync(path)) throw new Error(`there is no file ${path}`)
  if (/^\.[mc]?ts$/.test(extname(path)) && !process.features.typescript) {
    throw new Error(`Node ${process.versions.node} reads no TypeScript: use Node 22.18 or newer, or compile ${file}`)
  }
  if (existsSync('.env')) process.loadEnvFile('.env')
  const module = (await importOrExplain(path, file)) as Record<string, unknown>
  const candidate = name ? module[name] : (module.auth ?? module.default)
  if (!isAuth(candidate)) throw new Error(`${file} exports no auth instance${name ? ` named "${name}"` : ''}`)
  return candidate
}

/** Imports the auth instance of an application, and closes it when `use` has ended, however it ended. */
export async function withApp(app: string, use: (auth: LoadedAuth) => Promise<void>): Promise<void> {
  const auth = await loadApp(app)
  try {
    await use(auth)
  } finally {
    await auth.close()
  }
}

async function importOrExplain(path: string, file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href)
  } catch (error) {
    throw new Error(`${file} cannot be imported: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

function isAuth(value: unknown): value is LoadedAuth {
  return typeof value === 'object' && value !== null && 'openApiDocument' in value && 'handler' in value
}
