import { defineErrors } from '../../src/errors.ts'

export const multiSessionErrors = defineErrors({
  INVALID_SESSION_TOKEN: [401, 'Invalid session token'],
})
