import { defineErrors } from '../../src/index.ts'

export const inviteCodeErrors = defineErrors({
  INVITE_CODE_REQUIRED: [403, 'An invite code is needed to sign up'],
  INVALID_INVITE_CODE: [403, 'This invite code is not valid'],
  TOO_MANY_INVITE_CODES: [403, 'You have too many open invite codes'],
  INVITE_CODE_NOT_FOUND: [404, 'There is no such invite code'],
})
