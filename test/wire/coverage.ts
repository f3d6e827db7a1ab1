import type { Endpoint } from './endpoint.ts'
import type { Exchange } from './exchange.ts'
import { pluginEndpoints } from './plugin-endpoints.ts'
import { basePath } from './servers.ts'

const hookOnly = 'only a hook that refuses the write'
const raceOnly = 'only when the row vanishes between two queries'
const schemaFirst = 'the input meets its schema before'

const noCode = 'the official server answers it without a code'
const alwaysGiven = 'the base URL stands in'

/** The core endpoints of Better Auth 1.6.11, with the codes of its table. */
const coreEndpoints: readonly Endpoint[] = [
  { line: 'GET /ok' },
  { line: 'GET /error' },
  { line: 'GET /get-session', unreachable: { FAILED_TO_GET_SESSION: raceOnly } },
  { line: 'POST /get-session', codes: ['METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED'] },
  { line: 'POST /sign-out' },
  {
    line: 'POST /sign-up/email',
    codes: [
      'EMAIL_PASSWORD_SIGN_UP_DISABLED',
      'PASSWORD_TOO_SHORT',
      'PASSWORD_TOO_LONG',
      'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
    ],
    unreachable: {
      INVALID_EMAIL: schemaFirst,
      INVALID_PASSWORD: schemaFirst,
      FAILED_TO_CREATE_USER: hookOnly,
      FAILED_TO_CREATE_SESSION: hookOnly,
    },
  },
  {
    line: 'POST /sign-in/email',
    codes: ['EMAIL_PASSWORD_DISABLED', 'INVALID_EMAIL', 'INVALID_EMAIL_OR_PASSWORD', 'EMAIL_NOT_VERIFIED'],
    unreachable: { FAILED_TO_CREATE_SESSION: hookOnly },
  },
  { line: 'POST /reset-password', codes: ['INVALID_TOKEN', 'PASSWORD_TOO_SHORT', 'PASSWORD_TOO_LONG'] },
  { line: 'POST /verify-password', codes: ['INVALID_PASSWORD'] },
  {
    line: 'GET /verify-email',
    codes: ['INVALID_TOKEN', 'TOKEN_EXPIRED', 'USER_NOT_FOUND'],
    unreachable: { INVALID_USER: 'see test/features/email-verification', FAILED_TO_CREATE_SESSION: hookOnly },
  },
  {
    line: 'POST /send-verification-email',
    codes: ['VERIFICATION_EMAIL_NOT_ENABLED', 'EMAIL_MISMATCH', 'EMAIL_ALREADY_VERIFIED'],
  },
  { line: 'POST /change-email', codes: ['CHANGE_EMAIL_DISABLED'] },
  {
    line: 'POST /change-password',
    codes: ['PASSWORD_TOO_SHORT', 'PASSWORD_TOO_LONG', 'INVALID_PASSWORD'],
    unreachable: {
      CREDENTIAL_ACCOUNT_NOT_FOUND: 'needs a user without a password: see test/features/email-password/change',
      FAILED_TO_GET_SESSION: raceOnly,
    },
  },
  { line: 'POST /update-session' },
  { line: 'POST /update-user', codes: ['EMAIL_CAN_NOT_BE_UPDATED'] },
  {
    line: 'POST /delete-user',
    codes: ['INVALID_PASSWORD', 'SESSION_EXPIRED'],
    unreachable: { CREDENTIAL_ACCOUNT_NOT_FOUND: 'needs a user without a password: see test/features/user/delete' },
  },
  {
    line: 'GET /delete-user/callback',
    codes: ['INVALID_TOKEN'],
    unreachable: {
      NOT_FOUND: 'its body is empty on the official server',
      FAILED_TO_GET_USER_INFO: 'see delete-user scenarios',
    },
  },
  { line: 'POST /request-password-reset', codes: ['RESET_PASSWORD_DISABLED'] },
  { line: 'GET /reset-password/:token', codes: ['INVALID_TOKEN'] },
  { line: 'GET /list-sessions', codes: ['UNAUTHORIZED'] },
  { line: 'POST /revoke-session', codes: ['UNAUTHORIZED'] },
  { line: 'POST /revoke-sessions', codes: ['UNAUTHORIZED'] },
  { line: 'POST /revoke-other-sessions', codes: ['UNAUTHORIZED'] },
  {
    line: 'POST /sign-in/social',
    codes: [
      'PROVIDER_NOT_FOUND',
      'ID_TOKEN_NOT_SUPPORTED',
      'INVALID_TOKEN',
      'FAILED_TO_GET_USER_INFO',
      'USER_EMAIL_NOT_FOUND',
      'OAUTH_LINK_ERROR',
    ],
    unreachable: { CALLBACK_URL_REQUIRED: alwaysGiven },
  },
  {
    line: 'GET /callback/:id',
    codes: [
      'please_restart_the_process',
      'state_mismatch',
      'access_denied',
      'no_code',
      'oauth_provider_not_found',
      'invalid_code',
      'unable_to_get_user_info',
      'unable_to_link_account',
      "email_doesn't_match",
      'account_already_linked_to_different_user',
      'email_not_found',
      'account_not_linked',
      'signup_disabled',
      'unable_to_create_user',
    ],
    unreachable: {
      invalid_callback_request: schemaFirst,
      no_callback_url: alwaysGiven,
      unable_to_create_session: hookOnly,
      internal_server_error: 'only a database that fails',
    },
  },
  { line: 'POST /callback/:id' },
  {
    line: 'POST /link-social',
    codes: [
      'PROVIDER_NOT_FOUND',
      'ID_TOKEN_NOT_SUPPORTED',
      'INVALID_TOKEN',
      'FAILED_TO_GET_USER_INFO',
      'USER_EMAIL_NOT_FOUND',
      'LINKING_NOT_ALLOWED',
      'LINKING_DIFFERENT_EMAILS_NOT_ALLOWED',
      'UNAUTHORIZED',
    ],
    unreachable: { CALLBACK_URL_REQUIRED: alwaysGiven, LINKING_FAILED: 'only a database that refuses' },
  },
  { line: 'GET /list-accounts', codes: ['UNAUTHORIZED'] },
  { line: 'POST /unlink-account', codes: ['FAILED_TO_UNLINK_LAST_ACCOUNT', 'ACCOUNT_NOT_FOUND', 'UNAUTHORIZED'] },
  {
    line: 'POST /refresh-token',
    codes: [
      'PROVIDER_NOT_SUPPORTED',
      'ACCOUNT_NOT_FOUND',
      'REFRESH_TOKEN_NOT_FOUND',
      'FAILED_TO_REFRESH_ACCESS_TOKEN',
      'TOKEN_REFRESH_NOT_SUPPORTED',
    ],
    unreachable: { USER_ID_OR_SESSION_REQUIRED: 'by HTTP a session is required before' },
  },
  {
    line: 'POST /get-access-token',
    codes: ['PROVIDER_NOT_SUPPORTED', 'ACCOUNT_NOT_FOUND', 'FAILED_TO_GET_ACCESS_TOKEN'],
  },
  { line: 'GET /account-info', codes: ['ACCOUNT_NOT_FOUND', 'PROVIDER_NOT_CONFIGURED', 'ACCESS_TOKEN_NOT_FOUND'] },
  {
    line: 'POST /sign-in/oauth2',
    codes: ['INVALID_OAUTH_CONFIGURATION'],
    unreachable: { PROVIDER_CONFIG_NOT_FOUND: noCode },
  },
  {
    line: 'GET /oauth2/callback/:providerId',
    codes: [
      'oAuth_code_missing',
      'access_denied',
      'please_restart_the_process',
      'state_mismatch',
      'issuer_mismatch',
      'issuer_missing',
      'oauth_code_verification_failed',
      'user_info_is_missing',
      'email_is_missing',
      'name_is_missing',
      "email_doesn't_match",
      'account_already_linked_to_different_user',
      'account_not_linked',
      'signup_disabled',
    ],
    unreachable: {
      PROVIDER_CONFIG_NOT_FOUND: noCode,
      PROVIDER_ID_REQUIRED: schemaFirst,
      INVALID_OAUTH_CONFIG: 'the sign-in is refused before',
      unable_to_link_account: 'only a database that refuses',
    },
  },
  {
    line: 'POST /oauth2/link',
    codes: ['PROVIDER_NOT_FOUND', 'INVALID_OAUTH_CONFIGURATION', 'UNAUTHORIZED'],
    unreachable: { SESSION_REQUIRED: 'a session is required before' },
  },
]

const endpoints = [...coreEndpoints, ...pluginEndpoints]

/** What the steps of a run have called, and what they were answered. */
export interface Coverage {
  note(method: string, path: string, exchange: Exchange): void
  /** Endpoints that no step reached with success, and codes that none brought about. */
  missing(): string[]
}

export function createCoverage(): Coverage {
  const seen = new Set<string>()
  return {
    note: (method, path, { status, json, headers }) => {
      const line = `${method} ${path.split('?')[0]?.replace(basePath, '')}`
      const endpoint = endpoints.find(each => matches(each.line, line))
      if (!endpoint) return
      if (status < 400) seen.add(endpoint.line)
      const code = (json as { code?: string } | null | undefined)?.code
      const location = headers.location && URL.canParse(headers.location, 'http://any') ? headers.location : ''
      const redirected = location && new URL(location, 'http://any').searchParams.get('error')
      for (const each of [code, redirected]) if (each) seen.add(`${endpoint.line} ${each}`)
    },
    missing: () =>
      endpoints.flatMap(({ line, codes = [] }) => [
        ...(seen.has(line) ? [] : [line]),
        ...codes.map(code => `${line} ${code}`).filter(each => !seen.has(each)),
      ]),
  }
}

function matches(pattern: string, line: string): boolean {
  return new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(line)
}
