import type { Endpoint } from './endpoint.ts'

const hookOnly = 'only a hook that refuses the write'
const raceOnly = 'only when the row vanishes between two queries'
const ownCodeOnly = "what it is about is for the application's own code alone"
const sessionFirst = 'a session is required before'

const admin: readonly Endpoint[] = [
  { line: 'GET /admin/get-user', codes: ['YOU_ARE_NOT_ALLOWED_TO_GET_USER', 'USER_NOT_FOUND'] },
  { line: 'GET /admin/list-users', codes: ['YOU_ARE_NOT_ALLOWED_TO_LIST_USERS'] },
  {
    line: 'POST /admin/create-user',
    codes: ['YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS', 'INVALID_EMAIL', 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL'],
    unreachable: { FAILED_TO_CREATE_USER: hookOnly },
  },
  {
    line: 'POST /admin/update-user',
    codes: [
      'YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS',
      'NO_DATA_TO_UPDATE',
      'INVALID_ROLE_TYPE',
      'YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE',
    ],
    unreachable: { YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE: 'needs a role of its own: see test/features/admin' },
  },
  {
    line: 'POST /admin/set-role',
    codes: ['YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE', 'YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE'],
  },
  {
    line: 'POST /admin/set-user-password',
    codes: ['YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD', 'PASSWORD_TOO_SHORT', 'PASSWORD_TOO_LONG'],
  },
  {
    line: 'POST /admin/ban-user',
    codes: ['YOU_ARE_NOT_ALLOWED_TO_BAN_USERS', 'YOU_CANNOT_BAN_YOURSELF', 'USER_NOT_FOUND'],
  },
  { line: 'POST /admin/unban-user', codes: ['YOU_ARE_NOT_ALLOWED_TO_BAN_USERS'] },
  {
    line: 'POST /admin/remove-user',
    codes: ['YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS', 'YOU_CANNOT_REMOVE_YOURSELF', 'USER_NOT_FOUND'],
  },
  { line: 'POST /admin/list-user-sessions', codes: ['YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS'] },
  { line: 'POST /admin/revoke-user-session', codes: ['YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS'] },
  { line: 'POST /admin/revoke-user-sessions', codes: ['YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS'] },
  {
    line: 'POST /admin/impersonate-user',
    codes: [
      'YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS',
      'YOU_CANNOT_IMPERSONATE_ADMINS',
      'USER_NOT_FOUND',
      'BANNED_USER',
    ],
    unreachable: { FAILED_TO_CREATE_USER: hookOnly },
  },
  { line: 'POST /admin/stop-impersonating' },
  { line: 'POST /admin/has-permission' },
]

const OF_ORGANIZATIONS = ['USER_NOT_MEMBER_OF_ORGANIZATION', 'INSUFFICIENT_API_KEY_PERMISSIONS']
const OF_REFILLS = {
  REFILL_AMOUNT_AND_INTERVAL_REQUIRED: ownCodeOnly,
  REFILL_INTERVAL_AND_AMOUNT_REQUIRED: ownCodeOnly,
}

const apiKey: readonly Endpoint[] = [
  {
    line: 'POST /api-key/create',
    codes: [
      'UNAUTHORIZED_SESSION',
      'SERVER_ONLY_PROPERTY',
      'METADATA_DISABLED',
      'INVALID_METADATA_TYPE',
      'INVALID_PREFIX_LENGTH',
      'INVALID_NAME_LENGTH',
      'NAME_REQUIRED',
      'EXPIRES_IN_IS_TOO_SMALL',
      'EXPIRES_IN_IS_TOO_LARGE',
      'KEY_DISABLED_EXPIRATION',
      'NO_DEFAULT_API_KEY_CONFIGURATION_FOUND',
      'ORGANIZATION_ID_REQUIRED',
      ...OF_ORGANIZATIONS,
    ],
    unreachable: OF_REFILLS,
  },
  {
    line: 'POST /api-key/update',
    codes: [
      'UNAUTHORIZED_SESSION',
      'SERVER_ONLY_PROPERTY',
      'INVALID_NAME_LENGTH',
      'INVALID_METADATA_TYPE',
      'KEY_DISABLED_EXPIRATION',
      'EXPIRES_IN_IS_TOO_SMALL',
      'EXPIRES_IN_IS_TOO_LARGE',
      'NO_VALUES_TO_UPDATE',
      'KEY_NOT_FOUND',
      ...OF_ORGANIZATIONS,
    ],
    unreachable: OF_REFILLS,
  },
  {
    line: 'POST /api-key/delete',
    codes: ['UNAUTHORIZED', 'KEY_NOT_FOUND', ...OF_ORGANIZATIONS],
    unreachable: { USER_BANNED: 'a banned user has no session' },
  },
  {
    line: 'GET /api-key/get',
    codes: ['UNAUTHORIZED', 'KEY_NOT_FOUND', 'USER_NOT_MEMBER_OF_ORGANIZATION'],
  },
  { line: 'GET /api-key/list', codes: ['UNAUTHORIZED', 'USER_NOT_MEMBER_OF_ORGANIZATION'] },
]

const passkey: readonly Endpoint[] = [
  {
    line: 'GET /passkey/generate-register-options',
    codes: ['UNAUTHORIZED'],
    unreachable: {
      SESSION_REQUIRED: sessionFirst,
      RESOLVE_USER_REQUIRED: sessionFirst,
      RESOLVED_USER_INVALID: sessionFirst,
    },
  },
  {
    line: 'POST /passkey/verify-registration',
    codes: ['UNAUTHORIZED', 'FAILED_TO_VERIFY_REGISTRATION'],
    unreachable: {
      CHALLENGE_NOT_FOUND: 'needs a response without its challenge: see test/features/passkey/registration',
      YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY: 'see test/features/passkey/registration',
      RESOLVED_USER_INVALID: sessionFirst,
    },
  },
  { line: 'GET /passkey/generate-authenticate-options' },
  {
    line: 'POST /passkey/verify-authentication',
    codes: ['CHALLENGE_NOT_FOUND', 'PASSKEY_NOT_FOUND', 'AUTHENTICATION_FAILED'],
    unreachable: { UNABLE_TO_CREATE_SESSION: hookOnly },
  },
  { line: 'GET /passkey/list-user-passkeys', codes: ['UNAUTHORIZED'] },
  {
    line: 'POST /passkey/update-passkey',
    codes: ['UNAUTHORIZED', 'PASSKEY_NOT_FOUND', 'YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY'],
    unreachable: { FAILED_TO_UPDATE_PASSKEY: raceOnly },
  },
  { line: 'POST /passkey/delete-passkey', codes: ['UNAUTHORIZED', 'PASSKEY_NOT_FOUND'] },
]

/** The endpoints of these plugins, with the codes of Better Auth's table. */
export const pluginEndpoints: readonly Endpoint[] = [...admin, ...apiKey, ...passkey]
