import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OpenApiDocument } from '../../openapi/index.ts'
import type { AuthHandle } from '../auth-handle.ts'

/** What the commands use of an application's auth instance. */
export interface LoadedAuth extends AuthHandle {
  openApiDocument(): OpenApiDocument
  close(): Promise<void>
}

/**
 * Imports the auth instance of an application, once.
 * @param app `FILE[:export]`; the export defaults to `auth`, then to the default export
 * @throws when the file is missing, cannot be imported or exports no auth instance
 */
export async function loadApp(app: string): Promise<LoadedAuth> {
  const [, file = app, name] = /^(.+?)(?::([A-Za-z_$][\w$]*))?$/.exec(app) ?? []
  const path = resolve(file)
  if (!existsSync(path)) throw new Error(`there is no file ${path}`)
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  const candidate = name ? module[name] : (module.auth ?? module.default)
  if (!isAuth(candidate)) throw new Error(`${file} exports no auth instance${name ? ` named "${name}"` : ''}`)
  return candidate
}

function isAuth(value: unknown): value is LoadedAuth {
  return typeof value === 'object' && value !== null && 'openApiDocument' in value && 'handler' in value
}
