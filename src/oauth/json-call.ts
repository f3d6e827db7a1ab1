import { OutboundRefused, type SafeFetch, type SafeFetchInit } from '../safe-fetch.ts'
import { OAuthError } from './oauth-error.ts'

export interface JsonAnswer {
  status: number
  /** `undefined` when the body is none of the forms that are read. */
  body: unknown
}

interface JsonCall {
  provider: string
  fetch: SafeFetch
}

/**
 * Calls a provider and reads JSON, or the form encoding that old token endpoints answer with.
 * @throws OAuthError PROVIDER_UNAVAILABLE when no answer comes, or one that is too large
 */
export async function callForJson(url: string, init: SafeFetchInit, call: JsonCall): Promise<JsonAnswer> {
  const response = await callProvider(url, init, call)
  const text = await response.text()
  const isForm = response.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
  return { status: response.status, body: isForm ? Object.fromEntries(new URLSearchParams(text)) : parse(text) }
}

/** @throws OAuthError PROVIDER_UNAVAILABLE when no answer comes, or one that is too large */
export async function callProvider(url: string, init: SafeFetchInit, { provider, fetch }: JsonCall): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    if (!(cause instanceof OutboundRefused)) throw cause
    throw new OAuthError('PROVIDER_UNAVAILABLE', `no usable answer (${cause.code})`, { provider })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
