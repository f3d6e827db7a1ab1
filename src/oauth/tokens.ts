import { fieldsOf, subjectOf, textOf } from './fields.ts'
import { OAuthError } from './oauth-error.ts'

/** What a token endpoint gave (RFC 6749, section 5.1). */
export interface OAuthTokens {
  accessToken?: string | undefined
  refreshToken?: string | undefined
  idToken?: string | undefined
  accessTokenExpiresAt?: Date | undefined
  refreshTokenExpiresAt?: Date | undefined
  /** Granted scopes; empty where the provider does not tell. */
  scopes?: string[] | undefined
  tokenType?: string | undefined
  /** The whole answer, with fields of the provider's own. */
  raw?: Record<string, unknown> | undefined
}

interface TokenAnswer {
  provider: string
  status: number
  /** The body, parsed; `undefined` when it could not be. */
  body: unknown
  now: Date
}

/**
 * Reads a token endpoint's answer, and forgives what providers are known for: errors with status 200, numbers as text,
 * scopes as a list or with commas.
 * @throws OAuthError TOKEN_REFUSED (RFC 6749, section 5.2), PROVIDER_UNAVAILABLE, TOKEN_RESPONSE_INVALID
 */
export function readTokens({ provider, status, body, now }: TokenAnswer): OAuthTokens {
  const raw = fieldsOf(body)
  const isError = raw.error !== undefined || raw.ok === false || Boolean(raw.errcode)
  if (status >= 500) throw new OAuthError('PROVIDER_UNAVAILABLE', 'the token endpoint failed', { provider, status })
  if (isError || status < 200 || status >= 300) {
    throw new OAuthError('TOKEN_REFUSED', 'the token endpoint refused', {
      provider,
      status,
      providerError: errorOf(raw),
    })
  }
  const accessToken = textOf(raw.access_token)
  if (!accessToken)
    throw new OAuthError('TOKEN_RESPONSE_INVALID', 'no access token in the answer', { provider, status })
  return {
    tokenType: textOf(raw.token_type),
    accessToken,
    refreshToken: textOf(raw.refresh_token),
    accessTokenExpiresAt: after(now, raw.expires_in),
    // TikTok has a name of its own.
    refreshTokenExpiresAt: after(now, raw.refresh_token_expires_in ?? raw.refresh_expires_in),
    scopes: scopesOf(raw.scope),
    idToken: textOf(raw.id_token),
    raw,
  }
}

/** A text by RFC 6749; an object with a code at Facebook, a number by another name at WeChat. */
function errorOf({ error, errcode }: Record<string, unknown>): string | undefined {
  return textOf(error) ?? subjectOf(fieldsOf(error).code) ?? subjectOf(errcode)
}

function after(now: Date, seconds: unknown): Date | undefined {
  const span = typeof seconds === 'string' ? Number.parseInt(seconds, 10) : seconds
  if (typeof span !== 'number' || !(span > 0)) return undefined
  const time = new Date(now.getTime() + span * 1000)
  // More than a date can hold means never.
  return Number.isNaN(time.getTime()) ? undefined : time
}

function scopesOf(scope: unknown): string[] {
  const given = Array.isArray(scope) ? scope : [scope]
  return given.flatMap(part => (typeof part === 'string' ? part.split(/[\s,]+/).filter(Boolean) : []))
}
