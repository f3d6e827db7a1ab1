import type { Row } from '../adapters/contract.ts'

/** What the cookie holds. The order of the keys is part of the signed form. */
export interface CachePayload {
  session: Row
  user: Row
  /** When session and user were read, in milliseconds. */
  updatedAt: number
  version: string
}

export interface CacheContent {
  payload: CachePayload
  /** In milliseconds. */
  expiresAt: number
}

/** One way to write a payload into a cookie so that nobody else can. */
export interface CacheFormat {
  write(payload: CachePayload, life: { now: Date; seconds: number }): string | Promise<string>
  /** What was written with any of the instance's secrets; `undefined` or an exception for anything else. */
  read(text: string): CacheContent | undefined
}

/** Takes a payload out of parsed JSON; `undefined` when it is none. */
export function payloadOf(value: unknown): CachePayload | undefined {
  if (!isRecord(value)) return undefined
  const { session, user, updatedAt, version = '1' } = value
  if (!isRecord(session) || !isRecord(user)) return undefined
  if (typeof updatedAt !== 'number' || typeof version !== 'string') return undefined
  return { session, user, updatedAt, version }
}

/** The same, out of the claims of a token; one without an end is none. */
export function contentOf(claims: Row): CacheContent | undefined {
  const payload = payloadOf(claims)
  return payload && typeof claims.exp === 'number' ? { payload, expiresAt: claims.exp * 1000 } : undefined
}

export function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
