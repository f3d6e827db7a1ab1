import { defineErrors } from '../../src/errors.ts'

export const oneTimeTokenErrors = defineErrors({
  CLIENT_REQUESTS_DISABLED: [400, 'Client requests are disabled'],
  INVALID_TOKEN: [400, 'Invalid token'],
  ONE_TIME_TOKEN_EXPIRED: [400, 'Token expired'],
  SESSION_NOT_FOUND: [400, 'Session not found'],
  SESSION_OVER: [400, 'Session expired'],
})
