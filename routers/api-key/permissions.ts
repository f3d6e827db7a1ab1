import type { ApiKeyRow } from '../../entities/api-key.ts'

/** Actions by resource. */
export type KeyPermissions = Record<string, string[]>

/** What a key allows; `null` for one without permissions. What is not of the right form grants nothing. */
export function readPermissions({ permissions }: ApiKeyRow): KeyPermissions | null {
  const parsed = parse(permissions)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
  return Object.fromEntries(Object.entries(parsed).filter(([, actions]) => Array.isArray(actions)))
}

function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text || 'null')
  } catch {
    return null
  }
}
