import { defineErrors } from '../../src/errors.ts'

export const passkeyErrors = defineErrors({
  CHALLENGE_NOT_FOUND: [400, 'Challenge not found'],
  FAILED_TO_VERIFY_REGISTRATION: [400, 'Failed to verify registration'],
  PREVIOUSLY_REGISTERED: [400, 'Previously registered'],
  RESOLVE_USER_REQUIRED: [
    400,
    'Passkey registration requires either an authenticated session or a resolveUser callback when requireSession is false',
  ],
  RESOLVED_USER_INVALID: [400, 'Resolved user is invalid'],
  YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY: [401, 'You are not allowed to register this passkey'],
  AUTHENTICATION_FAILED: [400, 'Authentication failed'],
  CLONE_SUSPECTED: [400, 'This passkey may have been copied', [400, 'AUTHENTICATION_FAILED']],
  PASSKEY_NOT_FOUND: [404, 'Passkey not found'],
  LAST_PASSKEY: [400, 'The only way to sign in cannot be deleted'],
})

/** Of a sign-in with a passkey that nobody has here. */
export const signInErrors = defineErrors({ PASSKEY_NOT_FOUND: [401, 'Passkey not found'] })
